/** Deliberate delays: they end at once when the peer or the engine goes, so a tarpit holds nothing but time. */
import { systemClock } from '#engine/queue/clock.ts';
import type { SmtpSession } from './types.ts';

/** qmail's tarpit patch waited this long where only a count was set. */
const DEFAULT_DELAY_MS = 5_000;

/** The time is not the client's: what has a total time has as much as without it. Rejects with ConnectionError where the session ends. */
export async function delayReply(session: SmtpSession, ms: number): Promise<void> {
  if (ms <= 0) return;
  const { connection, deps } = session;
  const since = deps.now().getTime();
  const over = new AbortController();
  const cancel = (deps.timers ?? systemClock).setTimer(ms, () => over.abort());
  try {
    await connection.hold(over.signal);
  } finally {
    cancel();
    session.quietSince += deps.now().getTime() - since;
  }
}

/** TARPITCOUNT and TARPITDELAY of the access rules: the delay before the answer to the transaction's `count`th recipient. */
export function tarpitDelayMs({ client: { tarpitCount, tarpitDelayMs: delayMs } }: SmtpSession, count: number): number {
  return tarpitCount !== null && tarpitCount > 0 && count > tarpitCount ? (delayMs ?? DEFAULT_DELAY_MS) : 0;
}
