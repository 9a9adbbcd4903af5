/**
 * The session from greeting to goodbye: read a command, run it, answer once. However many commands are there already, the other sessions
 * have their turns of the event loop in between.
 */
import { ConnectionError } from '#engine/net/types.ts';
import { formatCapability } from './capability.ts';
import type { Completion, Outcome } from './command.ts';
import { findTag, prepareCommand, streamsLiteral } from './dispatch.ts';
import { completionOf, ImapGoodbye } from './errors.ts';
import { readCommand } from './read-command.ts';
import type { ImapSession } from './session.ts';
import { sendUpdates } from './updates.ts';

const GOODBYES: Readonly<Record<string, string>> = {
  timeout: 'Autologout, nothing was heard for too long',
  shutdown: 'The server is going down, please come back',
  'line-too-long': 'The line is too long',
  revoked: '[UNAVAILABLE] Your access has ended, sign in again',
};

function formatCompletion(tag: string, completion: Completion): string {
  const code = completion.code ? `[${completion.code}] ` : '';
  return `${tag} ${completion.status} ${code}${completion.text}\r\n`;
}

async function runCommand(session: ImapSession): Promise<Outcome> {
  const bytes = await readCommand(
    session,
    (line) => {
      session.tag = findTag(line);
    },
    (soFar) => streamsLiteral(soFar, session),
  );
  const { command, run } = prepareCommand(bytes, session);
  // Responses to what the client pipelined leave together.
  if (session.connection.buffered > 0) session.connection.cork();
  const completion = await run();
  await sendUpdates(session, !command.holdsExpunge);
  return completion;
}

/** Whatever went wrong becomes a tagged response, unless the session cannot be saved. */
function answerError(session: ImapSession, error: unknown): Completion {
  if (error instanceof ConnectionError || error instanceof ImapGoodbye || session.midResponse) throw error;
  const completion = completionOf(error);
  if (completion) return completion;
  session.log.error({ err: error, tag: session.tag }, 'command failed');
  return { status: 'NO', code: 'SERVERBUG', text: `Internal error, reference ${session.connection.id}` };
}

async function serveCommands(session: ImapSession): Promise<void> {
  let errors = 0;
  while (!session.ended) {
    session.tag = '*';
    const outcome = await runCommand(session).catch((error: unknown) => answerError(session, error));
    if (outcome !== 'answered') await session.send(formatCompletion(session.tag, outcome));
    if (session.connection.buffered === 0) session.connection.uncork();
    errors = outcome !== 'answered' && outcome.status === 'BAD' ? errors + 1 : 0;
    if (errors >= session.deps.limits.maxErrors) throw new ImapGoodbye('Too many errors');
    await session.turn.giveWay();
  }
}

/** BYE where the client can still read it; other errors go up to the listener, which logs them and cuts the connection. */
async function sayGoodbye(session: ImapSession, error: unknown): Promise<void> {
  const text =
    error instanceof ImapGoodbye ? error.message : error instanceof ConnectionError ? GOODBYES[error.code] : undefined;
  if (text === undefined || session.midResponse) throw error;
  session.log.debug({ reason: text }, 'session ended');
  await session.untagged(`BYE ${text}`);
}

export async function serveSession(session: ImapSession): Promise<void> {
  try {
    await session.untagged(`OK [${formatCapability(session)}] ${session.deps.hostname} ready`);
    await serveCommands(session);
  } catch (error) {
    await sayGoodbye(session, error);
  } finally {
    session.connection.uncork();
    session.end();
  }
}
