/** EHLO and HELO (RFC 5321 §4.1.1.1): who the client says it is, and what this server can do. Ends a transaction. */
import { SmtpSyntaxError } from '#engine/wire/smtp/syntax-error.ts';
import { reply } from '../reply.ts';
import { maySignIn, resetTransaction } from '../session-state.ts';
import { defineCommand, EVERY_STATE, type SmtpSession } from '../types.ts';

/**
 * Domain or address literal, read generously (underscores, a lone word): it is only ever written into the trace, so all it must
 * not do is break out of there.
 */
const NAME = /^[A-Za-z0-9_.:[\]-]{1,255}$/;

function parseName(argument: string): string {
  if (!NAME.test(argument)) throw new SmtpSyntaxError('5.5.4', 'Syntax: EHLO hostname');
  return argument;
}

async function greet(session: SmtpSession, name: string, extended: boolean): Promise<void> {
  await resetTransaction(session);
  session.helo = { name, extended };
}

function extensions(session: SmtpSession): string[] {
  const list = ['PIPELINING', `SIZE ${session.deps.settings().maxMessageBytes}`, '8BITMIME', 'SMTPUTF8', 'DSN'];
  list.push('CHUNKING', 'ENHANCEDSTATUSCODES');
  if (session.connection.tls === null) list.push('STARTTLS');
  if (maySignIn(session) && session.account === null) list.push('AUTH PLAIN LOGIN OAUTHBEARER XOAUTH2');
  return list;
}

export const ehlo = defineCommand({
  name: 'EHLO',
  states: EVERY_STATE,
  parse: parseName,
  run: async (session, name) => {
    await greet(session, name, true);
    return reply(250, null, `${session.deps.hostname} at your service`, ...extensions(session));
  },
});

export const helo = defineCommand({
  name: 'HELO',
  states: EVERY_STATE,
  parse: parseName,
  run: async (session, name) => {
    await greet(session, name, false);
    return reply(250, null, session.deps.hostname);
  },
});
