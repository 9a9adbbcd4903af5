/**
 * BDAT (RFC 3030 §2). The octets follow the command whatever the server thinks of it, so they are read before anything is
 * answered; a size that cannot be read leaves no way to find the next command and ends the connection.
 */
import { IncomingMessage } from '../message/incoming-message.ts';
import { outOfStep } from '../message/out-of-step.ts';
import { receiveChunk } from '../message/receive-chunk.ts';
import { closingReply, type Reply, reply } from '../reply.ts';
import { endMessage, resetTransaction, stateOf } from '../session-state.ts';
import { defineCommand, EVERY_STATE, type SmtpSession } from '../types.ts';

const SYNTAX = /^(\d{1,15})( +LAST)?$/i;

interface Chunk {
  size: number;
  last: boolean;
}

async function takeChunk(session: SmtpSession, { size, last }: Chunk): Promise<Reply> {
  const { transaction } = session;
  const state = stateOf(session);
  if (transaction === null || (state !== 'rcpt' && state !== 'chunks')) {
    const ended = await receiveChunk(session, null, size);
    return ended ?? reply(503, '5.5.1', transaction ? 'No valid recipients' : 'MAIL and RCPT first');
  }
  transaction.incoming ??= new IncomingMessage(session);
  const message = transaction.incoming;
  const ended = await receiveChunk(session, message, size);
  if (ended !== null) return ended;
  if (!last) return message.failure ?? reply(250, '2.0.0', `${size} octets received`);
  const answer = await message.finishChunks();
  endMessage(session);
  return answer;
}

export const bdat = defineCommand({
  name: 'BDAT',
  states: EVERY_STATE,
  parse: (argument): Chunk | null => {
    const [, size, last] = SYNTAX.exec(argument) ?? [];
    return size === undefined ? null : { size: Number(size), last: last !== undefined };
  },
  run: async (session, chunk) => {
    if (chunk !== null) {
      return await takeChunk(session, chunk).catch((error: unknown) => {
        throw outOfStep(session, error);
      });
    }
    await resetTransaction(session);
    return closingReply(501, '5.5.4', 'Syntax: BDAT size [LAST]; closing the connection');
  },
});
