import { expect, test } from 'vitest';
import type { Collected } from './collect.ts';
import { type Attempt, INBOX, Ledger, NOWHERE, type Outcome } from './ledger.ts';
import type { Arrival } from './remote-server.ts';
import { type Verdict, verify, wrongs } from './verify.ts';

const HERE = 'person1@mx.torture.example';
const THERE = 'friend0@far.example';
const FAULT = { kind: 'power cut', from: 100_000, over: 102_000, to: 110_000 } as const;
/** The last one is followed by no end of an engine for a long time. */
const FAULTS = [
  FAULT,
  { kind: 'kill -9 of the postmaster', from: 200_000, over: 200_100, to: 208_000 },
  { kind: 'SIGTERM to the engine', from: 220_000, over: 221_000, to: 224_000 },
  { kind: 'disk full', from: 300_000, over: 303_000, to: 308_000 },
] as const;
const STOP = { from: 500_000, over: 501_000 };

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
    faults: FAULTS,
    stop: STOP,
  });
}

const SENT = attemptOf('acknowledged', THERE);

const RIGHT: [string, Scene][] = [
  ['acknowledged and there', { attempt: attemptOf('acknowledged'), folders: [INBOX] }],
  ['in doubt and there', { attempt: attemptOf('in doubt'), folders: [INBOX] }],
  ['in doubt and not there', { attempt: attemptOf('in doubt') }],
  ['cut off and not there', { attempt: attemptOf('cut off') }],
  ['deleted and gone', { attempt: attemptOf('acknowledged'), states: [NOWHERE] }],
  ['delivered to the other server', { attempt: attemptOf('acknowledged', THERE), arrivals: [{}] }],
  ['still in the queue', { attempt: attemptOf('acknowledged', THERE), folders: [INBOX] }],
  ['repeated after a lost reply', { attempt: attemptOf('acknowledged', THERE), arrivals: [{ replyLost: true }, {}] }],
  ['repeated, the engine was ended', { attempt: SENT, arrivals: [{ at: 98_000 }, { at: 400_000 }] }],
  [
    'repeated, PostgreSQL was away and then the engine ended',
    { attempt: SENT, arrivals: [{ at: 199_000 }, { at: 400_000 }] },
  ],
  [
    'queued, the engine was ended before it was counted',
    { attempt: SENT, folders: [INBOX], arrivals: [{ at: 499_000 }] },
  ],
];

test.each(RIGHT)('nothing is wrong with what is %s', (_name, scene) => {
  expect(wrongs(judge(scene))).toEqual([]);
});

const WRONG: [RegExp, Scene][] = [
  [/lost: a-1.1/, { attempt: attemptOf('acknowledged') }],
  [/lost: a-1.1/, { attempt: attemptOf('acknowledged', THERE) }],
  [/twice: a-1.1/, { attempt: attemptOf('acknowledged'), folders: [INBOX, INBOX] }],
  [/twice: a-1.1/, { attempt: attemptOf('in doubt'), folders: [INBOX, INBOX] }],
  [/twice: a-1.1/, { attempt: SENT, arrivals: [{}, {}] }],
  [/twice: a-1.1/, { attempt: SENT, folders: [INBOX], arrivals: [{}] }],
  [/twice: a-1.1/, { attempt: SENT, folders: [INBOX, INBOX], arrivals: [{ at: 499_000 }] }],
  // That the second one came at a fault says nothing of the first.
  [/twice: a-1.1/, { attempt: SENT, arrivals: [{ at: 90_000 }, { at: 101_000 }] }],
  // Another engine is there, which has no doubt.
  [/twice: a-1.1/, { attempt: SENT, arrivals: [{ at: 105_000 }, { at: 109_000 }] }],
  // PostgreSQL came back to the engine that knows.
  [/twice: a-1.1/, { attempt: SENT, arrivals: [{ at: 301_000 }, { at: 400_000 }] }],
  [/twice: a-1.1/, { attempt: SENT, arrivals: [{ replyLost: true }, { at: 60_000 }, { at: 101_000 }] }],
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
