/**
 * Lets one caller (or `width`) at a time through per key, in order; at most `maxWaiting` may wait for one key. Guesses at one password sent
 * in parallel are thereby counted one after the other, so none slips past the throttle while the others are still being looked at.
 */
export interface KeyedLock {
  /** Runs `task` alone for `key`; undefined when too many wait already. */
  run<T>(key: string, task: () => Promise<T>): Promise<T | undefined>;
}

interface Queue {
  running: number;
  waiting: (() => void)[];
}

export function createKeyedLock(maxWaiting: number, width = 1): KeyedLock {
  const queues = new Map<string, Queue>();

  const enter = async (queue: Queue): Promise<void> => {
    if (queue.running >= width) return new Promise((resolve) => queue.waiting.push(resolve));
    queue.running += 1;
  };
  /** The next one takes the place over. */
  const leave = (key: string, queue: Queue): void => {
    const next = queue.waiting.shift();
    if (next) next();
    else queue.running -= 1;
    if (queue.running === 0) queues.delete(key);
  };

  const run = async <T>(key: string, task: () => Promise<T>): Promise<T | undefined> => {
    const queue = queues.get(key) ?? { running: 0, waiting: [] };
    if (queue.running >= width && queue.waiting.length >= maxWaiting) return undefined;
    queues.set(key, queue);
    await enter(queue);
    try {
      return await task();
    } finally {
      leave(key, queue);
    }
  };
  return { run };
}
