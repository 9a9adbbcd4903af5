import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeliveryTarget } from '#server/directory/types.ts';
import { ReceiveCount } from './receive-count.ts';
import { SessionCount } from './session-count.ts';

const limit = fc.nat({ max: 12 });

test('a session is marked exactly when a count reaches its limit, and answers three more, ever later', () => {
  fc.assert(
    fc.property(limit, limit, fc.array(fc.boolean(), { maxLength: 60 }), (recipients, wrong, exists) => {
      const count = new SessionCount();
      const limits = { recipients, wrong };
      // The model: the whole history, looked at anew each time.
      const reaches = (number: number, max: number) => max > 0 && number >= max;
      let markedAt = -1;
      let unknown = 0;
      exists.forEach((isThere, index) => {
        const entry = count.enter(limits);
        const since = index - markedAt;
        if (markedAt >= 0) {
          expect(entry).toBe(since <= 3 ? 'intruder' : 'out');
          expect(count.delayMs).toBe(1_000 + 300 * since);
          return;
        }
        if (reaches(index + 1, recipients)) {
          expect(entry).toBe('over-limit');
          markedAt = index;
        } else {
          expect(entry).toBe('go');
          if (!isThere) unknown += 1;
          const marks = !isThere && reaches(unknown, wrong);
          if (!isThere) expect(count.countWrong(limits)).toBe(marks);
          if (marks) markedAt = index;
        }
        expect(count.delayMs).toBe(markedAt === index ? 1_000 : 0);
      });
    }),
  );
});

const HOUR_MS = 3_600_000;
const target = (accountId: number, receivePerHour: number | null, receivePerDay: number | null): DeliveryTarget => {
  return { accountId, domainId: 1, address: `a${accountId}@x.test`, quotaBytes: 0, receivePerHour, receivePerDay };
};

describe('receive limits', () => {
  test('in any hour and day let through between what is allowed and twice that', () => {
    const step = fc.record({ waitMs: fc.nat({ max: 2 * HOUR_MS }), tries: fc.integer({ min: 1, max: 6 }) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(step, { maxLength: 60 }), (perHour, steps) => {
        let at = 0;
        const count = new ReceiveCount(() => new Date(at));
        const taken: number[] = [];
        for (const { waitMs, tries } of steps) {
          at += waitMs;
          for (let index = 0; index < tries; index += 1) {
            const inHour = taken.filter((time) => time > at - HOUR_MS).length;
            const may = count.mayTake(target(1, perHour, null), { perHour: 0, perDay: 0 });
            // A window in two halves knows of the last two hours how many there were, and of the last one about how many.
            const inTwo = taken.filter((time) => time > at - 2 * HOUR_MS).length;
            if (inTwo < perHour) expect(may).toBe(true);
            if (inHour >= 2 * perHour) expect(may).toBe(false);
            if (!may) continue;
            count.add(1);
            taken.push(at);
          }
        }
      }),
    );
  });

  test('exactly, as long as the hour is the first', () => {
    const count = new ReceiveCount(() => new Date(0));
    const general = { perHour: 3, perDay: 0 };
    const may = () => count.mayTake(target(1, null, null), general);
    for (let index = 0; index < 3; index += 1) {
      expect(may()).toBe(true);
      count.add(1);
    }
    expect(may()).toBe(false);
    expect(count.mayTake(target(1, 0, null), general)).toBe(true);
    expect(count.mayTake(target(1, 4, 3), general)).toBe(false);
  });

  test('cost nothing where there are none, and a bounded place where there are', () => {
    const count = new ReceiveCount(() => new Date(0), 10);
    for (let id = 0; id < 100; id += 1) count.mayTake(target(id, null, null), { perHour: 0, perDay: 0 });
    expect(count.size).toBe(0);
    for (let id = 0; id < 100; id += 1) count.mayTake(target(id, 1, null), { perHour: 0, perDay: 0 });
    expect(count.size).toBe(10);
  });
});
