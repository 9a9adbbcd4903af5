import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Turn } from './turn.ts';

test('work goes on for 10 ms, then in the next turn, whoever did it', async () => {
  let ms = 0;
  const turn = new Turn(() => ms);
  expect(turn.giveWay()).toBeUndefined();
  ms = 9;
  expect(turn.giveWay()).toBeUndefined();
  ms = 10;
  const waiting = [turn.giveWay(), turn.giveWay()];
  expect(waiting).not.toContain(undefined);
  await Promise.all(waiting);
  expect(turn.giveWay()).toBeUndefined();
});

test('what was waited for outside is not counted', async () => {
  let ms = 0;
  const turn = new Turn(() => ms);
  expect(turn.giveWay()).toBeUndefined();
  await setImmediate();
  ms = 1000;
  expect(turn.giveWay()).toBeUndefined();
});
