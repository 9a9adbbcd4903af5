/** How much was done in one turn of the event loop at most, until `ended` is settled; `count` says how much has been done so far. */
import { setImmediate } from 'node:timers/promises';

export async function busiestTurn(ended: Promise<unknown>, count: () => number): Promise<number> {
  let over = false;
  const end = () => {
    over = true;
  };
  ended.then(end, end);
  let most = 0;
  while (!over) {
    const before = count();
    await setImmediate();
    most = Math.max(most, count() - before);
  }
  return most;
}
