/** STARTTLS (RFC 3207): everything learnt in clear is forgotten, and whatever was sent in clear behind it ends the connection. */
import { closingReply, refuse, reply } from '../reply.ts';
import { forgetAccount, resetTransaction } from '../session-state.ts';
import { defineCommand } from '../types.ts';
import { expectNoArgument } from './arguments.ts';

export const starttls = defineCommand({
  name: 'STARTTLS',
  states: ['start', 'ready', 'mail', 'rcpt'],
  parse: expectNoArgument,
  run: async (session) => {
    const { connection } = session;
    if (connection.tls !== null) throw refuse(503, '5.5.1', 'TLS is already in use');
    if (connection.buffered > 0) {
      connection.log.warn('input in clear behind STARTTLS');
      return closingReply(554, '5.5.1', 'Input behind STARTTLS, closing the connection');
    }
    await resetTransaction(session);
    session.helo = null;
    forgetAccount(session);
    return { ...reply(220, '2.0.0', 'Go ahead'), startsTls: true };
  },
});
