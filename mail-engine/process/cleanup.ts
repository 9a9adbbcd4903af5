/** What has to be closed, in the reverse of the order in which it was opened. One that fails is logged and the rest goes on. */
import type { Logger } from '#server/logger.ts';

export interface Cleanup {
  add(name: string, close: () => Promise<unknown>): void;
  /** Closes everything once; later calls get the same promise. */
  run(): Promise<void>;
}

/** Parts that close side by side. Rejects with the first failure, when all have ended. */
export async function together(...closing: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(closing);
  await Promise.all(closing);
}

export function createCleanup(log: Logger): Cleanup {
  const open: { name: string; close: () => Promise<unknown> }[] = [];
  let running: Promise<void> | undefined;
  const closeAll = async () => {
    for (let part = open.pop(); part !== undefined; part = open.pop()) {
      try {
        await part.close();
      } catch (error) {
        log.warn({ part: part.name, err: error }, 'did not close cleanly');
      }
    }
  };
  return {
    add: (name, close) => {
      open.push({ name, close });
    },
    run: () => {
      running ??= closeAll();
      return running;
    },
  };
}
