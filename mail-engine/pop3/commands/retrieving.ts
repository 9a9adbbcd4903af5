/** RETR and TOP (RFC 1939 §5, §7): streamed, so a message of any size takes the memory of a chunk. */
import type { MessageReader } from '#engine/store/types.ts';
import { parseNumbers } from '#engine/wire/pop3/command-line.ts';
import { TopLines } from '#engine/wire/pop3/top-lines.ts';
import { ok, refuse } from '../reply.ts';
import { requireMaildrop, requireMessage } from '../require-message.ts';
import { defineCommand, type Pop3Session } from '../types.ts';

async function requireReader(session: Pop3Session, number: number): Promise<MessageReader> {
  requireMessage(session, number);
  const reader = await requireMaildrop(session).openMessage(number);
  if (reader === undefined) throw refuse('Message is gone, another session removed it');
  return reader;
}

async function* topOf(reader: MessageReader, bodyLines: number): AsyncGenerator<Buffer> {
  const top = new TopLines(bodyLines);
  for await (const chunk of reader.stream(0, reader.size)) {
    yield top.take(chunk);
    if (top.done) return;
  }
}

export const retr = defineCommand({
  name: 'RETR',
  states: ['transaction'],
  parse: (argument) => parseNumbers(argument, 1, 1),
  run: async (session, [number = 0]) => {
    const reader = await requireReader(session, number);
    return ok(`${reader.size} octets`, reader.stream(0, reader.size));
  },
});

export const top = defineCommand({
  name: 'TOP',
  states: ['transaction'],
  parse: (argument) => parseNumbers(argument, 2, 2),
  run: async (session, [number = 0, bodyLines = 0]) => {
    return ok('Top follows', topOf(await requireReader(session, number), bodyLines));
  },
});
