/** STLS (RFC 2595 §4): whatever was sent in clear behind it ends the connection. */
import { parseNumbers } from '#engine/wire/pop3/command-line.ts';
import { closingErr, ok, refuse } from '../reply.ts';
import { defineCommand } from '../types.ts';

export const stls = defineCommand({
  name: 'STLS',
  states: ['authorization'],
  parse: (argument) => parseNumbers(argument, 0, 0),
  run: async (session) => {
    const { connection } = session;
    if (connection.tls !== null) throw refuse('TLS is already in use');
    if (connection.buffered > 0) {
      connection.log.warn('input in clear behind STLS');
      return closingErr('Input behind STLS, closing the connection');
    }
    session.user = null;
    return { ...ok('Begin TLS'), startsTls: true };
  },
});
