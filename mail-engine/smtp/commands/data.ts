/** DATA (RFC 5321 §4.1.1.4); not for BODY=BINARYMIME (RFC 3030 §3). */
import { IncomingMessage } from '../message/incoming-message.ts';
import { outOfStep } from '../message/out-of-step.ts';
import { receiveData } from '../message/receive-data.ts';
import { formatReply, refuse, reply } from '../reply.ts';
import { endMessage } from '../session-state.ts';
import { defineCommand } from '../types.ts';
import { expectNoArgument } from './arguments.ts';

export const data = defineCommand({
  name: 'DATA',
  states: ['rcpt'],
  needsAuth: true,
  parse: expectNoArgument,
  run: async (session) => {
    if (session.transaction?.parameters.body === 'BINARYMIME') throw refuse(503, '5.5.1', 'BINARYMIME goes by BDAT');
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
