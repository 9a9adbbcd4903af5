/** Sessions for fuzzing: transcripts of real clients, mutated byte- and line-wise and cut into packets anywhere. */
import fc from 'fast-check';
import { LineClient } from './line-client.ts';

/** What parsers of mail protocols have tripped over. */
const NASTY = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  '.',
  '\r\n.\r\n',
  '\n.\n',
  '\r\n.\n',
  '<',
  '>',
  '"',
  '\\',
  '@',
  ':',
  ' ',
  '\t',
  '=',
  '+',
  '-1',
  '0',
  '99999999999999999999',
  '{5}',
  '{5+}',
  '%s%n',
  '\xff\xfe',
  '\xc3\x28',
  'ä',
  '*',
  '\x1b[2J',
  'A'.repeat(5_000),
];

type Mutation = (text: string) => string;

const place = (text: string, at: number) => (text.length === 0 ? 0 : at % text.length);

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(fc.nat(), fc.constantFrom(...NASTY)).map(([at, nasty]) => (text: string) => {
    return text.slice(0, place(text, at)) + nasty + text.slice(place(text, at));
  }),
  fc.tuple(fc.nat(), fc.nat(40)).map(([at, count]) => (text: string) => {
    return text.slice(0, place(text, at)) + text.slice(place(text, at) + count);
  }),
  fc.tuple(fc.nat(), fc.nat(255)).map(([at, byte]) => (text: string) => {
    return text.slice(0, place(text, at)) + String.fromCharCode(byte) + text.slice(place(text, at) + 1);
  }),
  fc.tuple(fc.nat(), fc.nat()).map(([from, to]) => (text: string) => {
    const lines = text.split('\r\n');
    const line = lines[place(text, from) % lines.length] ?? '';
    lines.splice(to % (lines.length + 1), 0, line);
    return lines.join('\r\n');
  }),
);

export interface MutatedSession {
  text: string;
  cuts: readonly number[];
}

/** One to three of `transcripts`, one after the other. */
export function mutatedSession(transcripts: readonly string[]): fc.Arbitrary<MutatedSession> {
  const base = fc.array(fc.constantFrom(...transcripts), { minLength: 1, maxLength: 3 }).map((parts) => parts.join(''));
  return fc
    .tuple(base, fc.array(mutation, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 6 }))
    .map(([text, mutations, cuts]) => ({ text: mutations.reduce((mutated, mutate) => mutate(mutated), text), cuts }));
}

/** Plays it on a fresh connection, closes the sending side, and resolves to everything the server said until it closed too. */
export async function playSession(port: number, { text, cuts }: MutatedSession): Promise<string> {
  const client = await LineClient.connect(port);
  const places = [...new Set(cuts.map((cut) => place(text, cut)))].sort((a, b) => a - b);
  for (const [index, from] of [0, ...places].entries()) client.send(text.slice(from, places[index] ?? text.length));
  client.finish();
  const said = await client.rest();
  client.cut();
  return said;
}
