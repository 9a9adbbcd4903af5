/** STAT, LIST and UIDL (RFC 1939 §5, §7). Long lists are made as they are sent. */
import { parseNumbers } from '#engine/wire/pop3/command-line.ts';
import { ok } from '../reply.ts';
import { requireMaildrop, requireMessage } from '../require-message.ts';
import { defineCommand } from '../types.ts';

export const stat = defineCommand({
  name: 'STAT',
  states: ['transaction'],
  parse: (argument) => parseNumbers(argument, 0, 0),
  run: async (session) => {
    const { count, bytes } = requireMaildrop(session).stat();
    return ok(`${count} ${bytes}`);
  },
});

type Listed = ReturnType<typeof requireMessage>;

function* linesOf(items: Iterable<Listed>, format: (item: Listed) => string): Generator<string> {
  for (const item of items) yield format(item);
}

function listing(name: string, format: (item: Listed) => string) {
  return defineCommand({
    name,
    states: ['transaction'],
    parse: (argument) => parseNumbers(argument, 0, 1),
    run: async (session, [number]) => {
      if (number !== undefined) return ok(format(requireMessage(session, number)));
      const maildrop = requireMaildrop(session);
      return ok(`${maildrop.stat().count} messages`, linesOf(maildrop.list(), format));
    },
  });
}

export const list = listing('LIST', ({ number, size }) => `${number} ${size}`);
export const uidl = listing('UIDL', ({ number, uidl: id }) => `${number} ${id}`);
