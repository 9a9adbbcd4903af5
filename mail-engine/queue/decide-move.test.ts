import { describe, expect, test } from 'vitest';
import { deferred, delivered, failed, type Outcome } from '#engine/delivery/outcome.ts';
import { decideMove } from './decide-move.ts';
import type { LeasedEntry, QueuedMessage } from './types.ts';

const HOUR = 3_600_000;
const CREATED = new Date('2026-11-23T00:00:00Z');
const at = (hours: number) => new Date(CREATED.getTime() + hours * HOUR);

const MESSAGE: QueuedMessage = {
  id: 1,
  blobId: 1,
  prefix: Buffer.alloc(0),
  sizeBytes: 1,
  sender: 'ann@own.test',
  envId: null,
  ret: null,
  smtpUtf8: false,
  eightBit: false,
  notBefore: null,
  requireTls: false,
  accountId: null,
  ref: 'r',
  createdAt: CREATED,
  expiresAt: at(120),
};
const ENTRY: LeasedEntry = { id: 1, recipient: 'b@x', notify: null, orcpt: null, attempts: 1, delayNotified: false };
const REMOTE: Partial<Outcome> = { remoteHost: 'mx.x', spoken: true };

function decide(outcome: Outcome, entry: Partial<LeasedEntry> = {}, hours = 1, message: Partial<QueuedMessage> = {}) {
  const move = decideMove({ ...MESSAGE, ...message }, { ...ENTRY, ...entry }, outcome, at(hours), 4 * HOUR);
  return `${move.to} ${move.trace} ${'notice' in move ? (move.notice?.action ?? '-') : '-'}`;
}

const FAILED = { ...failed('5.1.1', 'no'), ...REMOTE };
const DEFERRED = { ...deferred('4.2.1', 'later'), ...REMOTE };
const RELAYED = { ...delivered('2.0.0', 'ok'), ...REMOTE };

describe('a failure', () => {
  test.each([
    [null, 'bounced bounced failed'],
    ['FAILURE,DELAY', 'bounced bounced failed'],
    ['failure', 'bounced bounced failed'],
    ['NEVER', 'removed bounced -'],
    ['SUCCESS', 'removed bounced -'],
  ])('NOTIFY %s', (notify, expected) => {
    expect(decide(FAILED, { notify })).toBe(expected);
  });
  test('of a bounce is nobody’s news', () => {
    expect(decide(FAILED, {}, 1, { sender: '' })).toBe('removed bounced -');
  });
});

describe('a deferral', () => {
  test.each([
    [1, {}, 'waiting deferred -'],
    [4, {}, 'waiting deferred delayed'],
    [4, { delayNotified: true }, 'waiting deferred -'],
    [4, { notify: 'NEVER' }, 'waiting deferred -'],
    [4, { notify: 'FAILURE' }, 'waiting deferred -'],
    [4, { notify: 'DELAY' }, 'waiting deferred delayed'],
    [120, {}, 'bounced expired failed'],
    [120, { notify: 'NEVER' }, 'removed expired -'],
  ])('after %i hours, %o', (hours, entry, expected) => {
    expect(decide(DEFERRED, entry, hours)).toBe(expected);
  });
  test('of a bounce: no warning', () => {
    expect(decide(DEFERRED, {}, 4, { sender: '' })).toBe('waiting deferred -');
  });
  test('that is the last says so in its status', () => {
    const move = decideMove(MESSAGE, ENTRY, DEFERRED, at(121), null);
    expect(move).toMatchObject({ notice: { status: '5.4.7', diagnostic: 'later', remoteHost: 'mx.x', spoken: true } });
  });
});

describe('a success', () => {
  test.each([
    [RELAYED, null, 'removed delivered -'],
    [RELAYED, 'FAILURE', 'removed delivered -'],
    [RELAYED, 'SUCCESS', 'delivered delivered relayed'],
    [{ ...RELAYED, passesDsn: true }, 'SUCCESS', 'removed delivered -'],
    [delivered('2.1.5', 'stored'), 'SUCCESS,FAILURE', 'delivered delivered delivered'],
  ])('%#: NOTIFY %s', (outcome, notify, expected) => {
    expect(decide(outcome, { notify })).toBe(expected);
  });
});
