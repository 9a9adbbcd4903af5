import type { Channel } from './channel.ts';

/** A stop comes in two steps. */
export interface StopSignals {
  /** Nothing is begun, and what has not reached the end of its message is cut: the server has taken nothing. */
  stopping: AbortSignal;
  /** No more time: what awaits the reply to its message is cut too, though the server may have taken it. */
  cutting: AbortSignal;
}

/** Runs `run`, whose channel a stop destroys meanwhile or has destroyed before. */
export async function cutOnStop<Result>(
  channel: Channel,
  { stopping, cutting }: StopSignals,
  run: () => Promise<Result>,
): Promise<Result> {
  const cut = (): void => channel.destroy('the engine is stopping');
  const stop = (): void => {
    if (!channel.awaitsVerdict) cut();
  };
  if (stopping.aborted) stop();
  stopping.addEventListener('abort', stop);
  cutting.addEventListener('abort', cut);
  try {
    return await run();
  } finally {
    stopping.removeEventListener('abort', stop);
    cutting.removeEventListener('abort', cut);
  }
}
