import { describe, expect, test } from 'vitest';
import { scanMessage } from '#engine/wire/mime/scanner.ts';
import { requireNoLoop } from './loop.ts';
import type { IntakeRecipient } from './types.ts';

const ANN: IntakeRecipient = { kind: 'local', accountId: 1, domainId: 1, address: 'Ann@One.example' };
const FAR: IntakeRecipient = { kind: 'remote', address: 'ann@one.example', destination: 'one.example' };

const take =
  (message: string, ...recipients: IntakeRecipient[]) =>
  () =>
    requireNoLoop(scanMessage(Buffer.from(message)), recipients);
const hops = (count: number, field = 'Received: from a by b; Mon, 23 Nov 2026 00:00:00 +0000') =>
  `${field}\r\n`.repeat(count);
const LOOP = expect.objectContaining({ code: 'loop' });

describe('hops', () => {
  test.each([
    ['Received: from a by b'],
    ['RECEIVED : from a by b'],
    ['received:\r\n\tfrom a\r\n\tby b'],
    [`Received: ${'x'.repeat(900)}\r\n ${'y'.repeat(900)}`],
  ])('a hundred are borne, one more is not: %.20s', (field) => {
    expect(take(`${hops(100, field)}Subject: x\r\n\r\n`, ANN)).not.toThrow();
    expect(take(`${hops(101, field)}Subject: x\r\n\r\n`, ANN)).toThrow(LOOP);
  });

  test('are counted of the header alone, not of what is forwarded in the body', () => {
    expect(take(`Subject: x\r\n\r\n${hops(200)}`, ANN)).not.toThrow();
    expect(take(`X-Received: y\r\n${hops(100)}Received-SPF: none\r\n\r\n`, ANN)).not.toThrow();
  });

  test('the newest, which are on top, count in a header of any size', () => {
    const long = `X-Padding: ${'x'.repeat(900)}\r\n`.repeat(2_000);
    expect(take(`${hops(101)}${long}\r\n`, ANN)).toThrow(LOOP);
  });
});

describe('Delivered-To', () => {
  test.each(['ann@one.example', 'ANN@ONE.EXAMPLE', '  Ann@one.example  '])('%j is the same mailbox', (address) => {
    expect(take(`Delivered-To: ${address}\r\n\r\n`, ANN)).toThrow(LOOP);
    expect(take(`DELIVERED-TO:${address}\r\n\r\n`, ANN)).toThrow(LOOP);
  });

  test('of another, and of one who is elsewhere, is no loop', () => {
    expect(take('Delivered-To: ben@one.example\r\n\r\n', ANN)).not.toThrow();
    expect(take('Delivered-To: ann@one.example\r\n\r\n', FAR)).not.toThrow();
  });

  test('further down among others is found', () => {
    const others = Array.from({ length: 90 }, (_, index) => `Delivered-To: list${index}@one.example\r\n`).join('');
    expect(take(`${others}Delivered-To: ann@one.example\r\n\r\n`, ANN)).toThrow(LOOP);
  });
});
