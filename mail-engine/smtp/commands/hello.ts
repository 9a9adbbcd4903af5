/**
 * EHLO and HELO (RFC 5321 §4.1.1.1), on LMTP LHLO instead (RFC 2033 §4.1): who the client says it is, and what this server can do.
 * Ends a transaction.
 */
import { SmtpSyntaxError } from '#engine/wire/smtp/syntax-error.ts';
import { listExtensions } from '../extensions.ts';
import { type Reply, refuse, reply } from '../reply.ts';
import { resetTransaction } from '../session-state.ts';
import { defineCommand, EVERY_STATE, type SmtpCommand, type SmtpSession } from '../types.ts';

/**
 * Domain or address literal, read generously (underscores, a lone word): it is only ever written into the trace, so all it must
 * not do is break out of there.
 */
const NAME = /^[A-Za-z0-9_.:[\]-]{1,255}$/;

async function greet(session: SmtpSession, name: string, extended: boolean): Promise<Reply> {
  await resetTransaction(session);
  session.helo = { name, extended };
  const { hostname } = session.deps;
  if (!extended) return reply(250, null, hostname);
  return reply(250, null, `${hostname} at your service`, ...listExtensions(session));
}

interface HelloOptions {
  extended: boolean;
  /** LHLO is LMTP's, and the only one it has. */
  lmtp: boolean;
}

function defineHello(name: string, { extended, lmtp }: HelloOptions): SmtpCommand {
  return defineCommand({
    name,
    states: EVERY_STATE,
    parse: (argument, { role }) => {
      if ((role === 'lmtp') !== lmtp)
        throw refuse(500, '5.5.1', `${lmtp ? 'This is SMTP: EHLO' : 'This is LMTP: LHLO'}`);
      if (!NAME.test(argument)) throw new SmtpSyntaxError('5.5.4', `Syntax: ${lmtp ? 'LHLO' : 'EHLO'} hostname`);
      return argument;
    },
    run: (session, client) => greet(session, client, extended),
  });
}

export const ehlo = defineHello('EHLO', { extended: true, lmtp: false });
export const helo = defineHello('HELO', { extended: false, lmtp: false });
export const lhlo = defineHello('LHLO', { extended: true, lmtp: true });
