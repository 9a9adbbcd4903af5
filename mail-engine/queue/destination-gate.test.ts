import { beforeEach, expect, test } from 'vitest';
import { ManualClock } from '#engine/testing/manual-clock.ts';
import { DestinationGate } from './destination-gate.ts';

const MAX = 20;
let clock: ManualClock;
let gate: DestinationGate;
beforeEach(() => {
  clock = new ManualClock();
  gate = new DestinationGate(clock);
});

function fill(count: number): void {
  for (let index = 0; index < count; index += 1) gate.begin('x');
}

test('starts with five, grows while it answers, to the maximum', () => {
  expect(gate.freeSlots('x', MAX)).toBe(5);
  fill(5);
  expect([gate.freeSlots('x', MAX), gate.closed(MAX)]).toEqual([0, ['x']]);
  for (let round = 0; round < 500; round += 1) {
    gate.begin('x');
    gate.end('x', true, MAX);
  }
  expect(gate.freeSlots('x', MAX)).toBe(15);
  expect(gate.freeSlots('y', 2)).toBe(2);
});

test('halves and rests where nobody answers, longer each time, and is one failure however many were under way', () => {
  fill(5);
  for (let index = 0; index < 5; index += 1) gate.end('x', false, MAX);
  expect([gate.freeSlots('x', MAX), gate.nextOpening()]).toEqual([0, clock.now().getTime() + 30_000]);
  const rests: number[] = [];
  for (let round = 0; round < 6; round += 1) {
    clock.advance((gate.nextOpening() ?? 0) - clock.now().getTime());
    expect(gate.freeSlots('x', MAX)).toBeGreaterThan(0);
    gate.begin('x');
    gate.end('x', false, MAX);
    rests.push(((gate.nextOpening() ?? 0) - clock.now().getTime()) / 1000);
  }
  expect(rests).toEqual([60, 120, 240, 300, 300, 300]);
  clock.advance(300_000);
  expect(gate.freeSlots('x', MAX)).toBe(1);
});

test('opens on request, and is forgotten when its rest is long over', () => {
  gate.begin('x');
  gate.end('x', false, MAX);
  gate.open();
  expect([gate.closed(MAX), gate.nextOpening()]).toEqual([[], undefined]);
  clock.advance(600_000);
  gate.nextOpening();
  expect(gate.freeSlots('x', MAX)).toBe(5);
});
