/**
 * Lets one caller at a time through per key, in order; at most `maxWaiting` may wait for one key. Guesses at one password sent in
 * parallel are thereby counted one after the other, so none slips past the throttle while the others are still being looked at.
 */
export interface KeyedLock {
  /** Runs `task` alone for `key`; undefined when too many wait already. */
  run<T>(key: string, task: () => Promise<T>): Promise<T | undefined>;
}

export function createKeyedLock(maxWaiting: number): KeyedLock {
  const queues = new Map<string, { tail: Promise<void>; waiting: number }>();

  const run = async <T>(key: string, task: () => Promise<T>): Promise<T | undefined> => {
    const queue = queues.get(key) ?? { tail: Promise.resolve(), waiting: 0 };
    if (queue.waiting > maxWaiting) return undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    const before = queue.tail;
    queue.tail = promise;
    queue.waiting += 1;
    queues.set(key, queue);
    try {
      await before;
      return await task();
    } finally {
      queue.waiting -= 1;
      if (queue.waiting === 0) queues.delete(key);
      resolve();
    }
  };
  return { run };
}
