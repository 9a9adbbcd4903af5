/** DATA (RFC 5321 §4.1.1.4). */
import { IncomingMessage } from '../message/incoming-message.ts';
import { outOfStep } from '../message/out-of-step.ts';
import { receiveData } from '../message/receive-data.ts';
import { formatReply, reply } from '../reply.ts';
import { endMessage } from '../session-state.ts';
import { defineCommand } from '../types.ts';
import { expectNoArgument } from './arguments.ts';

export const data = defineCommand({
  name: 'DATA',
  states: ['rcpt'],
  needsAuth: true,
  parse: expectNoArgument,
  run: async (session) => {
    const message = new IncomingMessage(session);
    try {
      await session.connection.write(formatReply(reply(354, null, 'End data with <CRLF>.<CRLF>')));
      return await receiveData(session, message);
    } catch (error) {
      await message.abort();
      throw outOfStep(session, error);
    } finally {
      endMessage(session);
    }
  },
});
