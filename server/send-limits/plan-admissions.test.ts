import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MEASURES, type Measure, type SendLimits } from './measures.ts';
import {
  type Admission,
  type AdmissionState,
  findExcess,
  planAdmissions,
  type Sender,
  type SendRequest,
  scopeKey,
  scopesOf,
} from './plan-admissions.ts';
import { add, advance, amountOf, noUsage, parseUsage, type Sending, sumOf, USAGE_MS, type Usage } from './usage.ts';

const HOUR_MS = 3_600_000;
const WINDOWS: Readonly<Record<Measure, number>> = {
  messagesPerHour: HOUR_MS,
  recipientsPerHour: HOUR_MS,
  messagesPerDay: 24 * HOUR_MS,
  recipientsPerDay: 24 * HOUR_MS,
  firstTimePerDay: 24 * HOUR_MS,
};
const NO_LIMITS: SendLimits = {
  messagesPerHour: 0,
  messagesPerDay: 0,
  recipientsPerHour: 0,
  recipientsPerDay: 0,
  firstTimePerDay: 0,
};
const START = Date.UTC(2030, 0, 1, 12, 3, 17);

const step = fc.record({
  waitMs: fc.oneof(fc.integer({ min: 0, max: 60_000 }), fc.integer({ min: 0, max: 9 * HOUR_MS })),
  recipients: fc.integer({ min: 1, max: 6 }),
  firstTime: fc.integer({ min: 0, max: 6 }),
});
const limits = fc.record({
  messagesPerHour: fc.integer({ min: 0, max: 8 }),
  messagesPerDay: fc.integer({ min: 0, max: 12 }),
  recipientsPerHour: fc.integer({ min: 0, max: 20 }),
  recipientsPerDay: fc.integer({ min: 0, max: 40 }),
  firstTimePerDay: fc.integer({ min: 0, max: 15 }),
});

interface Sent extends Sending {
  at: number;
}

/** What leaves when whoever is over a limit just tries again later. */
function sendAll(steps: readonly { waitMs: number; recipients: number; firstTime: number }[], allowed: SendLimits) {
  const sent: Sent[] = [];
  const refused: { at: number; measure: Measure; sending: Sending }[] = [];
  let at = START;
  let usage: Usage = noUsage(new Date(at));
  for (const { waitMs, recipients, firstTime } of steps) {
    at += waitMs;
    usage = parseUsage(usage.countedAt, JSON.parse(JSON.stringify(usage.buckets)));
    const sending = { messages: 1, recipients, firstTime: Math.min(firstTime, recipients) };
    usage = advance(usage, new Date(at));
    const excess = findExcess(usage, allowed, sending, 'account');
    if (excess) refused.push({ at, measure: excess.measure, sending });
    else {
      usage = add(usage, sending);
      sent.push({ at, ...sending });
    }
  }
  return { sent, refused };
}

const sumWithin = (sent: readonly Sent[], measure: Measure, from: number, to: number) =>
  sent.filter(({ at }) => at > from && at <= to).reduce((sum, sending) => sum + amountOf(sending, measure), 0);

describe('over any time', () => {
  test('never more than the limit leaves within any hour and any day', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), limits, (steps, allowed) => {
        const { sent } = sendAll(steps, allowed);
        for (const measure of MEASURES.filter((one) => allowed[one] > 0)) {
          for (const { at } of sent) {
            expect(sumWithin(sent, measure, at - WINDOWS[measure], at)).toBeLessThanOrEqual(allowed[measure]);
          }
        }
      }),
    );
  });

  test('nothing is kept back that fits, but for what was sent a bucket before the window', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), limits, (steps, allowed) => {
        const { sent, refused } = sendAll(steps, allowed);
        for (const { at, measure, sending } of refused) {
          const slack = WINDOWS[measure] === HOUR_MS ? 5 * 60_000 : HOUR_MS;
          const before = sent.filter((one) => one.at <= at);
          const counted = sumWithin(before, measure, at - WINDOWS[measure] - slack, at);
          expect(counted + amountOf(sending, measure)).toBeGreaterThan(allowed[measure]);
        }
      }),
    );
  });
});

test('a clock that runs behind counts at the time counted at last, and old usage counts nothing', () => {
  const now = new Date(START);
  const used = add(noUsage(now), { messages: 3, recipients: 5, firstTime: 2 });
  const behind = advance(used, new Date(START - 10 * HOUR_MS));
  expect([behind.countedAt, sumOf(behind, 'messagesPerHour')]).toEqual([now, 3]);
  const later = advance(used, new Date(START + USAGE_MS));
  expect(MEASURES.map((measure) => sumOf(later, measure))).toEqual([0, 0, 0, 0, 0]);
  expect(sumOf(parseUsage(now, { messagesPerHour: 'x' }), 'messagesPerHour')).toBe(0);
});

const senderOf = (accountId: number, domainId: number): Sender => {
  return { scopes: scopesOf({ accountId, domainId, resellerId: 9 }), hold: null };
};
/** Account 1, account 2 of another domain, and what the first one's domain forwards. */
const SENDERS = new Map<string, Sender>([
  ['account:1', senderOf(1, 1)],
  ['account:2', senderOf(2, 2)],
  ['domain:1', { scopes: scopesOf({ accountId: null, domainId: 1, resellerId: 9 }), hold: null }],
]);

function stateOf(
  own: Partial<Record<string, Partial<SendLimits>>>,
  change: Partial<AdmissionState> = {},
): AdmissionState {
  const keys = ['account:1', 'account:2', 'domain:1', 'domain:2', 'reseller:9'];
  return {
    senders: SENDERS,
    limits: new Map(keys.map((key) => [key, { ...NO_LIMITS, ...own[key] }])),
    usage: new Map(),
    known: new Set(),
    maxHeldMessages: 100,
    maxHeldBytes: 1_000_000,
    ...change,
  };
}

const request = (accountId: number, ...recipients: string[]): SendRequest => {
  return { sender: ['account', accountId], recipients, sizeBytes: 10 };
};
const forward = (...recipients: string[]): SendRequest => ({ sender: ['domain', 1], recipients, sizeBytes: 10 });
const kindsOf = (admissions: readonly Admission[]) => admissions.map(({ kind }) => kind);
const NOW = new Date(START);

test.each(['account:1', 'domain:1', 'reseller:9'])('the limit of %s holds, whatever the others allow', (key) => {
  const { admissions, holds, usage } = planAdmissions(
    stateOf({ [key]: { messagesPerHour: 2 } }),
    [request(1, 'a'), request(1, 'b'), request(1, 'c')],
    NOW,
  );
  expect(kindsOf(admissions)).toEqual(['send', 'send', 'hold']);
  expect(holds.get('account:1')).toMatchObject({
    began: true,
    hold: { limit: 2, measure: 'messagesPerHour', heldMessages: 1 },
  });
  for (const scope of ['account:1', 'domain:1', 'reseller:9']) {
    expect(sumOf(usage.get(scope) ?? noUsage(NOW), 'messagesPerHour')).toBe(2);
  }
});

test('accounts of one reseller share its limit; the other account of the batch is held by it too', () => {
  const { admissions, holds } = planAdmissions(
    stateOf({ 'reseller:9': { recipientsPerDay: 3 } }),
    [request(1, 'a', 'b'), request(2, 'a', 'b'), request(2, 'c'), request(1, 'c', 'd')],
    NOW,
  );
  expect(kindsOf(admissions)).toEqual(['send', 'hold', 'hold', 'hold']);
  expect([...holds.keys()]).toEqual(['account:2', 'account:1']);
  expect(admissions[1]).toEqual({
    kind: 'hold',
    reason: 'Over a sending limit of the reseller as a whole (recipients per day: 3)',
  });
});

test('once held, everything is held, and not counted as sent', () => {
  const { admissions, usage } = planAdmissions(
    stateOf({ 'account:1': { recipientsPerHour: 2 } }),
    [request(1, 'a', 'b', 'c'), request(1, 'a')],
    NOW,
  );
  expect(kindsOf(admissions)).toEqual(['hold', 'hold']);
  expect(usage.size).toBe(0);
});

test('who was written to before, or earlier in the batch, is no first-time recipient', () => {
  const state = stateOf({ 'account:1': { firstTimePerDay: 2 } }, { known: new Set(['1:a']) });
  const requests = [
    request(1, 'a', 'b'),
    request(1, 'a', 'b'),
    request(1, 'c'),
    request(1, 'a', 'b', 'c'),
    request(1, 'd'),
  ];
  const { admissions, newRecipients } = planAdmissions(state, requests, NOW);
  expect(kindsOf(admissions)).toEqual(['send', 'send', 'send', 'send', 'hold']);
  expect([...newRecipients]).toEqual(['1:b', '1:c']);
});

test('a limit on first-time recipients does not touch who writes to the same ones', () => {
  const state = stateOf({ 'account:1': { firstTimePerDay: 1 } });
  const requests = [request(1, 'a'), request(1, 'a'), request(1, 'a')];
  expect(kindsOf(planAdmissions(state, requests, NOW).admissions)).toEqual(['send', 'send', 'send']);
});

describe('what a domain forwards', () => {
  test("counts in the domain and its reseller, in no account, and is nobody's first-time recipient", () => {
    const { admissions, usage, newRecipients } = planAdmissions(
      stateOf({ 'domain:1': { firstTimePerDay: 1 }, 'reseller:9': { recipientsPerDay: 3 } }),
      [forward('a@x', 'b@x'), forward('c@x'), request(2, 'd')],
      NOW,
    );
    expect(kindsOf(admissions)).toEqual(['send', 'send', 'hold']);
    expect([...usage.keys()]).toEqual(['domain:1', 'reseller:9']);
    for (const used of usage.values()) {
      expect(MEASURES.map((measure) => sumOf(used, measure))).toEqual([2, 2, 3, 3, 0]);
    }
    expect(newRecipients.size).toBe(0);
  });

  test('is held apart from what its accounts send', () => {
    const state = stateOf({ 'domain:1': { recipientsPerHour: 2 } });
    const { admissions, holds } = planAdmissions(
      state,
      [forward('a@x', 'b@x', 'c@x'), request(1, 'a'), forward()],
      NOW,
    );
    expect(kindsOf(admissions)).toEqual(['hold', 'send', 'hold']);
    expect([...holds.keys()]).toEqual(['domain:1']);
    expect(admissions[0]).toEqual({
      kind: 'hold',
      reason: 'Over a sending limit of the domain as a whole (recipients per hour: 2)',
    });
  });
});

test('what is held is bounded by number and by size; an account that is gone sends nothing', () => {
  const hold = {
    scope: 'account',
    measure: 'messagesPerHour',
    limit: 1,
    heldMessages: 98,
    heldBytes: 999_975,
  } as const;
  const senders = new Map([['account:1', { ...senderOf(1, 1), hold }]]);
  const { admissions, holds } = planAdmissions(
    stateOf({}, { senders }),
    [request(1, 'a'), request(1, 'b'), request(1, 'c'), request(3, 'a')],
    NOW,
  );
  expect(kindsOf(admissions)).toEqual(['hold', 'hold', 'refuse', 'refuse']);
  expect(holds.get('account:1')).toMatchObject({ began: false, hold: { heldMessages: 100, heldBytes: 999_995 } });
  expect(scopeKey('account', 1)).toBe('account:1');
});
