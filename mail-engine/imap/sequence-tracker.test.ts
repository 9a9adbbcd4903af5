import { describe, expect, test, vi } from 'vitest';
import { SequenceTracker, type TrackedChange, type Update } from './sequence-tracker.ts';

const added = (uid: number): TrackedChange => ({ kind: 'added', uid, modseq: 1 });
const removed = (uid: number): TrackedChange => ({ kind: 'removed', uid, modseq: 1 });
const flags = (uid: number, modseq = 1): TrackedChange => ({ kind: 'flags', uid, modseq });

interface Case {
  name: string;
  uids: readonly number[];
  changes: readonly TrackedChange[];
  held?: boolean;
  updates: readonly Update[];
  after: readonly number[];
}

const CASES: readonly Case[] = [
  { name: 'nothing happened', uids: [1, 2], changes: [], updates: [], after: [1, 2] },
  {
    name: 'a message arrives',
    uids: [1, 2],
    changes: [added(5)],
    updates: [{ kind: 'exists', count: 3 }],
    after: [1, 2, 5],
  },
  {
    name: 'several arrive: one EXISTS',
    uids: [],
    changes: [added(1), added(2), added(3)],
    updates: [{ kind: 'exists', count: 3 }],
    after: [1, 2, 3],
  },
  {
    name: 'they are told in the order of their uids, however they came',
    uids: [1],
    changes: [added(3), added(2)],
    updates: [{ kind: 'exists', count: 3 }],
    after: [1, 2, 3],
  },
  {
    name: 'an arrival told twice counts once',
    uids: [1],
    changes: [added(2), added(2), added(1)],
    updates: [{ kind: 'exists', count: 2 }],
    after: [1, 2],
  },
  {
    name: 'removals from the highest down, so that no number moves another',
    uids: [10, 20, 30, 40],
    changes: [removed(20), removed(40)],
    updates: [{ kind: 'expunge', sequences: [4, 2], uids: [20, 40] }],
    after: [10, 30],
  },
  {
    name: 'EXPUNGE before EXISTS',
    uids: [1, 2],
    changes: [added(3), removed(1)],
    updates: [
      { kind: 'expunge', sequences: [1], uids: [1] },
      { kind: 'exists', count: 2 },
    ],
    after: [2, 3],
  },
  {
    name: 'removals are held back and keep their numbers',
    uids: [1, 2, 3],
    changes: [removed(1), flags(3)],
    held: true,
    updates: [{ kind: 'flags', sequence: 3, uid: 3 }],
    after: [1, 2, 3],
  },
  {
    name: 'EXISTS counts what is gone but not told yet',
    uids: [1, 2],
    changes: [removed(1), added(3)],
    held: true,
    updates: [{ kind: 'exists', count: 3 }],
    after: [1, 2, 3],
  },
  {
    name: 'flags carry the number after the removals before them',
    uids: [1, 2, 3],
    changes: [flags(3), removed(1)],
    updates: [
      { kind: 'expunge', sequences: [1], uids: [1] },
      { kind: 'flags', sequence: 2, uid: 3 },
    ],
    after: [2, 3],
  },
  {
    name: 'flags of a removed message are not told',
    uids: [1, 2],
    changes: [flags(1), removed(1)],
    held: true,
    updates: [],
    after: [1, 2],
  },
  {
    name: 'flags of a message the client has not heard of are not told',
    uids: [1],
    changes: [added(2), flags(2)],
    updates: [{ kind: 'exists', count: 2 }],
    after: [1, 2],
  },
  {
    name: 'came and went unseen',
    uids: [1],
    changes: [added(2), removed(2)],
    updates: [],
    after: [1],
  },
  {
    name: 'flags changed many times are told once',
    uids: [1],
    changes: [flags(1, 5), flags(1, 6), flags(1, 7)],
    updates: [{ kind: 'flags', sequence: 1, uid: 1 }],
    after: [1],
  },
  { name: 'a removal of a stranger', uids: [1], changes: [removed(9)], updates: [], after: [1] },
];

test.each(CASES)('$name', ({ uids, changes, held, updates, after }) => {
  const tracker = new SequenceTracker(uids);
  tracker.take(changes);
  expect(tracker.flush(!held)).toEqual(updates);
  expect(tracker.uids).toEqual(after);
  const oneByOne = new SequenceTracker(uids);
  for (const change of changes) oneByOne.take([change]);
  expect(oneByOne.flush(!held)).toEqual(updates);
});

test('what was held back comes with the next flush that may', () => {
  const tracker = new SequenceTracker([1, 2, 3]);
  tracker.take([removed(2)]);
  expect(tracker.flush(false)).toEqual([]);
  expect(tracker.hasUpdates).toBe(true);
  expect(tracker.sequenceOf(3)).toBe(3);
  expect(tracker.flush(true)).toEqual([{ kind: 'expunge', sequences: [2], uids: [2] }]);
  expect(tracker.sequenceOf(3)).toBe(2);
  expect(tracker.hasUpdates).toBe(false);
});

describe('what the client was told already', () => {
  test('is not told again', () => {
    const tracker = new SequenceTracker([1]);
    tracker.take([flags(1, 7)]);
    tracker.noteReported(1, 7);
    expect(tracker.flush(true)).toEqual([]);
  });

  test('is told again where it changed once more', () => {
    const tracker = new SequenceTracker([1]);
    tracker.take([flags(1, 8)]);
    tracker.noteReported(1, 7);
    expect(tracker.flush(true)).toEqual([{ kind: 'flags', sequence: 1, uid: 1 }]);
  });

  test("a silent change hides itself, not another's", () => {
    const tracker = new SequenceTracker([1, 2]);
    tracker.take([flags(1, 7)]);
    tracker.noteSilent(1, 7);
    tracker.take([flags(2, 6)]);
    tracker.take([flags(2, 7)]);
    tracker.noteSilent(2, 7);
    expect(tracker.flush(true)).toEqual([{ kind: 'flags', sequence: 2, uid: 2 }]);
  });
});

describe('however many messages', () => {
  const COUNT = 200_000;
  const arrivals = Array.from({ length: COUNT }, (_, at) => added(at + 2));

  test('arrive, they are one EXISTS', () => {
    const tracker = new SequenceTracker([1]);
    tracker.take(arrivals);
    expect(tracker.flush(true)).toEqual([{ kind: 'exists', count: COUNT + 1 }]);
    expect(tracker.sequenceOf(COUNT + 1)).toBe(COUNT + 1);
  });

  test('come and go unseen, those between them are moved once', () => {
    const tracker = new SequenceTracker([1]);
    tracker.take(arrivals);
    const splice = vi.spyOn(Array.prototype, 'splice');
    const filter = vi.spyOn(Array.prototype, 'filter');
    tracker.take(arrivals.slice(1).map(({ uid }) => removed(uid)));
    const moves = splice.mock.calls.length + filter.mock.calls.length;
    vi.restoreAllMocks();
    expect(moves).toBe(1);
    expect(tracker.flush(true)).toEqual([{ kind: 'exists', count: 2 }]);
  });
});
