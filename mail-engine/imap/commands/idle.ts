/** IDLE (RFC 2177). */
import { ConnectionError } from '#engine/net/types.ts';
import { AUTHENTICATED, type Completion, completed, defineCommand, noArguments } from '../command.ts';
import { ImapError } from '../errors.ts';
import { readLine } from '../read-command.ts';
import type { ImapSession } from '../session.ts';
import { sendUpdates } from '../updates.ts';

/** Waits for input, a change, or the time for a sign of life. */
async function waitForEvent(session: ImapSession, waitMs: number): Promise<'input' | 'change' | 'silence'> {
  const wake = new AbortController();
  const { selected } = session;
  if (selected) selected.onChange = () => wake.abort();
  try {
    if (selected?.tracker.hasUpdates || selected?.gone) return 'change';
    await session.connection.waitForInput(waitMs, wake.signal);
    return wake.signal.aborted ? 'change' : 'input';
  } catch (error) {
    if (error instanceof ConnectionError && error.code === 'timeout') return 'silence';
    throw error;
  } finally {
    if (selected) selected.onChange = undefined;
  }
}

async function idleUntilInput(session: ImapSession): Promise<void> {
  const { keepAliveMs, idleTimeoutMs } = session.deps.limits;
  for (let silentMs = 0; silentMs < idleTimeoutMs; ) {
    await sendUpdates(session, true);
    session.connection.uncork();
    const event = await waitForEvent(session, keepAliveMs);
    if (event === 'input') return;
    if (event === 'change') continue;
    silentMs += keepAliveMs;
    await session.untagged('OK Still here');
  }
  throw new ConnectionError('timeout', 'the client idled for too long');
}

async function idle(session: ImapSession): Promise<Completion> {
  await session.requestContinuation('idling');
  await session.selected?.view.refresh();
  await idleUntilInput(session);
  const line = (await readLine(session)).toString('latin1');
  if (line.toUpperCase() !== 'DONE\r\n') throw new ImapError('BAD', undefined, 'Expected DONE');
  return completed('IDLE');
}

export const idleCommand = defineCommand({
  name: 'IDLE',
  states: AUTHENTICATED,
  parse: noArguments,
  run: idle,
});
