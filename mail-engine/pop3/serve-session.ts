/**
 * A POP3 session (RFC 1939): reads a line, enforces the command's states, runs it, answers once. Output is corked, so replies to
 * pipelined commands (RFC 2449 §6.6) leave together. Deadlines, shutdown and the end of the right to it end the session without the UPDATE state: nothing marked
 * is removed. A message that cannot be read to its end closes the connection, for no status can follow half of it. However many commands
 * are there already, the other sessions have their turns of the event loop in between.
 */
import { type Connection, ConnectionError } from '#engine/net/types.ts';
import { Pop3SyntaxError, parsePop3Line } from '#engine/wire/pop3/command-line.ts';
import { COMMANDS } from './command-table.ts';
import { readLine } from './read-line.ts';
import { closingErr, err, ok, Pop3Refusal, refuse } from './reply.ts';
import { sendLines } from './send-lines.ts';
import { POP3_LIMITS, type Pop3Deps, type Pop3Reply, type Pop3Session } from './types.ts';

function createSession(connection: Connection, deps: Pop3Deps): Pop3Session {
  const limits = { ...POP3_LIMITS, ...deps.limits };
  const signInDeadline = deps.now().getTime() + limits.signInTotalMs;
  const nobody = { user: null, maildrop: null, leaveWatch: null };
  return { connection, deps, limits, signInDeadline, ...nobody, errors: 0, failedLogins: 0 };
}

async function runLine(session: Pop3Session, line: Buffer): Promise<Pop3Reply> {
  const { keyword, argument } = parsePop3Line(line);
  const command = COMMANDS.get(keyword);
  if (command === undefined) throw refuse('Unknown command');
  const state = session.maildrop === null ? 'authorization' : 'transaction';
  if (!command.states.includes(state)) throw refuse(state === 'authorization' ? 'Sign in first' : 'Already signed in');
  return await command.prepare(argument)(session);
}

function replyToFailure(session: Pop3Session, error: unknown): Pop3Reply {
  if (error instanceof Pop3Refusal) return error.reply;
  if (error instanceof Pop3SyntaxError) return err(error.message);
  if (error instanceof ConnectionError) {
    if (error.code === 'line-too-long') return closingErr('Line too long, closing the connection');
    if (error.code === 'timeout') return closingErr('[SYS/TEMP] Timeout, closing the connection');
    if (error.code === 'shutdown') return closingErr('[SYS/TEMP] Server is stopping, try again');
    if (error.code === 'revoked') return closingErr('Your access has ended, sign in again');
    throw error;
  }
  session.connection.log.error({ err: error }, 'command failed');
  return err(`[SYS/TEMP] Something went wrong here (${session.connection.id})`);
}

async function runNext(session: Pop3Session): Promise<Pop3Reply> {
  try {
    return await runLine(session, await readLine(session));
  } catch (error) {
    return replyToFailure(session, error);
  }
}

function countError(session: Pop3Session, answer: Pop3Reply): Pop3Reply {
  if (answer.ok || answer.closes) return answer;
  session.errors += 1;
  return session.errors <= session.limits.errors ? answer : closingErr('Too many errors, closing the connection');
}

async function send(connection: Connection, answer: Pop3Reply): Promise<void> {
  await connection.write(`${answer.ok ? '+OK' : '-ERR'} ${answer.text}\r\n`);
  if (answer.lines) await sendLines(connection, answer.lines);
  if (answer.startsTls) {
    await connection.startTls();
    connection.cork();
  }
}

export async function servePop3Session(connection: Connection, deps: Pop3Deps): Promise<void> {
  const session = createSession(connection, deps);
  connection.cork();
  try {
    await send(connection, ok(`${deps.hostname} POP3 ready`));
    for (;;) {
      const answer = countError(session, await runNext(session));
      await send(connection, answer);
      if (answer.closes) return;
      await deps.turn.giveWay();
    }
  } finally {
    session.leaveWatch?.();
  }
}
