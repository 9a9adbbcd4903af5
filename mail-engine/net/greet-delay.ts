/**
 * A client that talks before it is greeted does not speak SMTP (RFC 5321 §4.3.1): it is a spam robot in a hurry. So the greeting
 * may be kept back for some seconds, and who could not wait is refused. Costs one timer a connection.
 *
 * Exempt: our own machines, whom a rule lets relay, and whom a rule gives another delay (`GREETDELAY="0"`, in seconds).
 */
import type { AccessDecision } from '#server/access-rules/types.ts';
import type { SocketConnection } from './socket-connection.ts';

const MAX_DELAY_MS = 60_000;
const SECONDS = /^\d{1,3}$/;
const TOO_EARLY = '554 5.5.1 Protocol error: you spoke before the greeting\r\n';

/** How long this client is kept waiting, in milliseconds. */
export function greetDelayOf({ variables }: AccessDecision, own: boolean, settingMs: number): number {
  const given = variables.get('GREETDELAY');
  if (given !== undefined && SECONDS.test(given)) return Math.min(Number(given) * 1_000, MAX_DELAY_MS);
  return own || variables.has('RELAYCLIENT') ? 0 : settingMs;
}

/** False where the client talked: it was told why and is to be closed. */
export async function keepsSilent(connection: SocketConnection, delayMs: number): Promise<boolean> {
  if (delayMs <= 0 || (await connection.staysSilent(delayMs))) return true;
  await connection.write(TOO_EARLY);
  return false;
}
