/** DELE, RSET and QUIT (RFC 1939 §5, §6): messages are removed by QUIT alone; a session that ends otherwise removes nothing. */
import { parseNumbers } from '#engine/wire/pop3/command-line.ts';
import { closingErr, ok } from '../reply.ts';
import { requireMaildrop, requireMessage } from '../require-message.ts';
import { defineCommand } from '../types.ts';

export const dele = defineCommand({
  name: 'DELE',
  states: ['transaction'],
  parse: (argument) => parseNumbers(argument, 1, 1),
  run: async (session, [number = 0]) => {
    requireMessage(session, number);
    requireMaildrop(session).markDeleted(number);
    return ok('Marked');
  },
});

export const rset = defineCommand({
  name: 'RSET',
  states: ['transaction'],
  parse: (argument) => parseNumbers(argument, 0, 0),
  run: async (session) => {
    requireMaildrop(session).unmarkAll();
    return ok('No message is marked');
  },
});

export const noop = defineCommand({
  name: 'NOOP',
  states: ['transaction'],
  parse: (argument) => parseNumbers(argument, 0, 0),
  run: async () => ok('Ok'),
});

export const quit = defineCommand({
  name: 'QUIT',
  states: ['authorization', 'transaction'],
  parse: (argument) => parseNumbers(argument, 0, 0),
  run: async ({ maildrop, connection }) => {
    if (maildrop === null) return { ...ok('Bye'), closes: true };
    try {
      const removed = await maildrop.removeDeleted();
      if (removed > 0) connection.log.info({ removed }, 'messages removed');
      return { ...ok('Bye'), closes: true };
    } catch (error) {
      connection.log.error({ err: error }, 'removal failed');
      return closingErr('[SYS/TEMP] The marked messages could not be removed');
    }
  },
});
