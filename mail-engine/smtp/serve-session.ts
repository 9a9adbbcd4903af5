/**
 * The session loop: reads a command line, enforces the command's flags, runs it, answers once. Output is corked, so the replies
 * to a pipelined group leave together (RFC 2920 §3.2); the connection sends them as soon as input has to be waited for.
 *
 * One funnel turns what goes wrong into a reply: syntax and refusals into theirs, limits, deadlines and shutdown into 421, anything
 * unexpected into 451 with the connection's id. A session that is refused too often is ended.
 *
 * Commands that are there already are answered without waiting, but never more than `COMMANDS_A_TURN` in one turn of the event loop: the
 * other sessions have theirs in between.
 */
import { setImmediate } from 'node:timers/promises';
import { IntakeError } from '#engine/intake/types.ts';
import { type Connection, ConnectionError } from '#engine/net/types.ts';
import { parseCommandLine } from '#engine/wire/smtp/command-line.ts';
import { SmtpSyntaxError } from '#engine/wire/smtp/syntax-error.ts';
import type { Soon } from '#server/soon.ts';
import { mayBeBlocked, requireUnblocked, watchBlock } from './block-list/block.ts';
import { readClientPolicy } from './client-policy.ts';
import { COMMANDS } from './command-table.ts';
import { intakeReply } from './message/intake-replies.ts';
import { SessionCount } from './recipient-check/session-count.ts';
import { closingReply, formatReply, type Reply, refuse, reply, SmtpRefusal } from './reply.ts';
import { forgetAccount, lineTimeoutMs, maySignIn, resetTransaction, stateOf } from './session-state.ts';
import {
  SMTP_LIMITS,
  type SmtpCommand,
  type SmtpDeps,
  type SmtpRole,
  type SmtpSession,
  type SmtpState,
} from './types.ts';

const OUT_OF_SEQUENCE: Readonly<Record<SmtpState, string>> = {
  start: 'EHLO first',
  ready: 'MAIL first',
  mail: 'RCPT first',
  rcpt: 'A transaction is under way',
  chunks: 'A message is under way: BDAT LAST or RSET first',
};

/** How much of a line that is too long is skipped before the session is given up. */
const SKIP_BYTES = 1024 * 1024;
/** A dozen pipelined messages. */
const COMMANDS_A_TURN = 64;
const CR = 0x0d;
const LF = 0x0a;

function createSession(connection: Connection, role: SmtpRole, deps: SmtpDeps): SmtpSession {
  return {
    connection,
    role,
    deps,
    limits: { ...SMTP_LIMITS, ...deps.limits },
    client: readClientPolicy(connection.access),
    block: null,
    helo: null,
    account: null,
    leaveWatch: null,
    transaction: null,
    quietSince: deps.now().getTime(),
    messages: 0,
    mails: 0,
    errors: 0,
    recipientCount: new SessionCount(),
    failedLogins: 0,
  };
}

function requireAllowed(session: SmtpSession, command: SmtpCommand): void {
  if (command.needsAuth && session.role === 'submission' && session.account === null) {
    throw refuse(530, '5.7.0', maySignIn(session) ? 'Sign in first' : 'STARTTLS first');
  }
  const state = stateOf(session);
  if (command.states.includes(state)) return;
  throw refuse(503, '5.5.1', state === 'start' && session.role === 'lmtp' ? 'LHLO first' : OUT_OF_SEQUENCE[state]);
}

function runCommand(session: SmtpSession, command: SmtpCommand, argument: string): Soon<Reply> {
  requireAllowed(session, command);
  return command.execute(session, argument);
}

/** What follows a bare LF may be the same line to whoever sent it: it is never run. */
const BARE_LF = closingReply(500, '5.5.2', 'Lines must end with CRLF, closing the connection');

function runLine(session: SmtpSession, line: Buffer): Soon<Reply> {
  if (line.at(-2) !== CR) return BARE_LF;
  const { verb, argument } = parseCommandLine(line);
  const command = COMMANDS.get(verb);
  if (command === undefined) throw refuse(500, '5.5.1', 'Command not recognized');
  if (mayBeBlocked(session, verb)) return requireUnblocked(session).then(() => runCommand(session, command, argument));
  return runCommand(session, command, argument);
}

/** Reads to the end of an over-long line, so that its rest is not taken for commands. */
async function skipToEnd(session: SmtpSession): Promise<Reply> {
  const { connection } = session;
  let before: number | undefined;
  for (let skipped = 0; skipped < SKIP_BYTES; ) {
    const bytes = await connection.readSome(64 * 1024, lineTimeoutMs(session));
    const lf = bytes.indexOf(LF);
    if (lf >= 0) {
      if ((lf > 0 ? bytes[lf - 1] : before) !== CR) return BARE_LF;
      connection.unread(bytes.subarray(lf + 1));
      return reply(500, '5.5.2', 'Line too long');
    }
    before = bytes.at(-1);
    skipped += bytes.length;
  }
  return closingReply(421, '4.7.0', 'Line too long, closing the connection');
}

/** The one reply to what went wrong; rethrows where nobody is left to hear it. */
function replyToFailure(session: SmtpSession, error: unknown): Reply {
  if (error instanceof SmtpRefusal) return error.reply;
  if (error instanceof SmtpSyntaxError) return reply(error.code, error.enhanced, error.message);
  if (error instanceof ConnectionError) {
    if (error.code === 'timeout') return closingReply(421, '4.4.2', 'Timeout, closing the connection');
    if (error.code === 'shutdown') return closingReply(421, '4.3.2', 'Server is stopping, try again');
    if (error.code === 'revoked') return closingReply(421, '4.7.0', 'Your access has ended, sign in again');
    throw error;
  }
  if (error instanceof IntakeError) return intakeReply(session, error.code);
  session.connection.log.error({ err: error }, 'command failed');
  return reply(451, '4.3.0', `Something went wrong here (${session.connection.id})`);
}

function isTooLong(error: unknown): boolean {
  return error instanceof ConnectionError && error.code === 'line-too-long';
}

async function skipLine(session: SmtpSession): Promise<Reply> {
  try {
    return await skipToEnd(session);
  } catch (error) {
    return replyToFailure(session, error);
  }
}

function countError(session: SmtpSession, answer: Reply): Reply {
  if (answer.code < 500 || answer.closes || answer.countedElsewhere) return answer;
  session.errors += 1;
  if (session.errors <= session.limits.errors) return answer;
  return closingReply(421, '4.7.0', 'Too many errors, closing the connection');
}

/** Nothing is waited for that is there already, here and below: this runs four times a message. */
async function answerCommands(session: SmtpSession): Promise<void> {
  const { connection, limits } = session;
  for (let answered = 1; ; answered += 1) {
    let answer: Reply;
    try {
      const line = connection.readLine(limits.commandBytes, lineTimeoutMs(session));
      const answering = runLine(session, line instanceof Promise ? await line : line);
      answer = answering instanceof Promise ? await answering : answering;
    } catch (error) {
      answer = isTooLong(error) ? await skipLine(session) : replyToFailure(session, error);
    }
    answer = countError(session, answer);
    const busy = connection.write(formatReply(answer));
    if (busy !== undefined) await busy;
    if (answer.closes) return;
    if (answer.startsTls) {
      await connection.startTls();
      connection.cork();
    }
    if (answered % COMMANDS_A_TURN === 0) await setImmediate();
  }
}

export async function serveSession(connection: Connection, role: SmtpRole, deps: SmtpDeps): Promise<void> {
  const session = createSession(connection, role, deps);
  watchBlock(session);
  connection.cork();
  try {
    await connection.write(formatReply(reply(220, null, `${deps.hostname} ${role === 'lmtp' ? 'LMTP' : 'ESMTP'}`)));
    await answerCommands(session);
  } finally {
    forgetAccount(session);
    await resetTransaction(session);
  }
}
