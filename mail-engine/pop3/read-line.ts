/**
 * The client's next line: a command, or its part in a SASL exchange. Silence ends the session (RFC 1939 §3); before sign-in so
 * does the total time, or commands that do nothing could hold a place for ever.
 */
import { ConnectionError } from '#engine/net/types.ts';
import type { Pop3Session } from './types.ts';

function timeoutMs({ deps, limits, maildrop, signInDeadline }: Pop3Session): number {
  if (maildrop !== null) return limits.idleTimeoutMs;
  const left = signInDeadline - deps.now().getTime();
  if (left <= 0) throw new ConnectionError('timeout', 'sign-in took too long');
  return Math.min(limits.signInTimeoutMs, left);
}

export async function readLine(session: Pop3Session): Promise<Buffer> {
  return await session.connection.readLine(session.limits.lineBytes, timeoutMs(session));
}
