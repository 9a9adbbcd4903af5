import { expect, test } from 'vitest';
import type { Collected } from './collect.ts';
import { type Attempt, INBOX, Ledger, NOWHERE, type Outcome } from './ledger.ts';
import type { Arrival } from './remote-server.ts';
import { type Verdict, verify, wrongs } from './verify.ts';

const HERE = 'person1@mx.torture.example';
const THERE = 'friend0@far.example';
const FAULT = { kind: 'power cut', from: 100_000, to: 110_000 } as const;

function attemptOf(outcome: Outcome, recipient = HERE): Attempt {
  return {
    id: 'a-1.1',
    traffic: 'MX',
    outcome,
    sha256: '',
    size: 1,
    recipients: [recipient],
    endedAt: 50_000,
    cut: null,
  };
}

interface Scene {
  attempt: Attempt;
  folders?: readonly string[];
  states?: readonly string[];
  arrivals?: readonly Partial<Arrival>[];
  collected?: Partial<Collected>;
}

function judge({ attempt, folders = [], states, arrivals = [], collected = {} }: Scene): Verdict {
  const ledger = new Ledger();
  ledger.note(attempt);
  const [address = ''] = attempt.recipients;
  if (states) ledger.change(attempt.id, address, states);
  const found = new Map([[attempt.id, new Map([[address, [...folders]]])]]);
  const arrived = arrivals.map((arrival) => ({
    recipients: [address],
    at: 50_000,
    replyLost: false,
    bytesRight: true,
    ...arrival,
  }));
  return verify({
    ledger,
    collected: { found, damaged: [], unknown: [], ...collected },
    arrivals: new Map([[attempt.id, arrived]]),
    faults: [FAULT],
  });
}

const RIGHT: [string, Scene][] = [
  ['acknowledged and there', { attempt: attemptOf('acknowledged'), folders: [INBOX] }],
  ['in doubt and there', { attempt: attemptOf('in doubt'), folders: [INBOX] }],
  ['in doubt and not there', { attempt: attemptOf('in doubt') }],
  ['cut off and not there', { attempt: attemptOf('cut off') }],
  ['deleted and gone', { attempt: attemptOf('acknowledged'), states: [NOWHERE] }],
  ['delivered to the other server', { attempt: attemptOf('acknowledged', THERE), arrivals: [{}] }],
  ['still in the queue', { attempt: attemptOf('acknowledged', THERE), folders: [INBOX] }],
  ['repeated after a lost reply', { attempt: attemptOf('acknowledged', THERE), arrivals: [{ replyLost: true }, {}] }],
  ['repeated after a fault', { attempt: attemptOf('acknowledged', THERE), arrivals: [{ at: 105_000 }, {}] }],
];

test.each(RIGHT)('nothing is wrong with what is %s', (_name, scene) => {
  expect(wrongs(judge(scene))).toEqual([]);
});

const WRONG: [RegExp, Scene][] = [
  [/lost: a-1.1/, { attempt: attemptOf('acknowledged') }],
  [/lost: a-1.1/, { attempt: attemptOf('acknowledged', THERE) }],
  [/twice: a-1.1/, { attempt: attemptOf('acknowledged'), folders: [INBOX, INBOX] }],
  [/twice: a-1.1/, { attempt: attemptOf('in doubt'), folders: [INBOX, INBOX] }],
  [/twice: a-1.1/, { attempt: attemptOf('acknowledged', THERE), arrivals: [{}, {}] }],
  [/unexpected: a-1.1/, { attempt: attemptOf('cut off'), folders: [INBOX] }],
  [/unexpected: a-1.1/, { attempt: attemptOf('refused'), folders: [INBOX] }],
  [/unexpected: a-1.1/, { attempt: attemptOf('cut off', THERE), arrivals: [{}] }],
  [/unexpected: a-1.1/, { attempt: attemptOf('acknowledged'), folders: [INBOX], states: [NOWHERE] }],
  [/damaged: a-1.1/, { attempt: attemptOf('acknowledged', THERE), arrivals: [{ bytesRight: false }] }],
  [
    /damaged: a-1.1/,
    { attempt: attemptOf('acknowledged'), folders: [INBOX], collected: { damaged: ['a-1.1 x@y.example'] } },
  ],
  [
    /unexpected: nobody’s/,
    { attempt: attemptOf('acknowledged'), folders: [INBOX], collected: { unknown: ['nobody’s'] } },
  ],
];

test.each(WRONG)('%s is told', (told, scene) => {
  expect(wrongs(judge(scene)).join('\n')).toMatch(told);
});

test('what was answered shortly before a fault counts as that fault’s', () => {
  const attempt = { ...attemptOf('acknowledged'), endedAt: FAULT.from - 1_000 };
  expect([...judge({ attempt, folders: [INBOX] }).keys()]).toEqual(['power cut']);
});
