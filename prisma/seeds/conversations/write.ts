/** Turns a written-down conversation into messages: ids, dates, references, quoted replies, folders and flags. */
import { composeLetter } from '../mime/compose.ts';
import type { Random } from '../random.ts';
import type { DemoFlag, DemoMessage, Person } from '../types.ts';
import type { Conversation, Turn } from './types.ts';

const HOUR = 3_600_000;

/** `last` is about when the last turn was written; earlier turns come hours or a day before each other. */
export function* writeConversation(
  conversation: Conversation,
  owner: Person,
  last: Date,
  random: Random,
): Generator<DemoMessage> {
  const ids: string[] = [];
  const gaps = conversation.turns.map(() => random.between(1, 22) * HOUR + random.between(0, 3599) * 1000);
  let at = last.getTime() - gaps.reduce((sum, gap) => sum + gap, 0);
  for (const [index, turn] of conversation.turns.entries()) {
    at += gaps[index] ?? HOUR;
    const date = new Date(at);
    const from = turn.from === 'me' ? owner : turn.from;
    const messageId = `${random.hex(16)}@${from.address.split('@')[1]}`;
    const previous = conversation.turns[index - 1];
    const bytes = composeLetter({
      from,
      to: recipientsOf(conversation, turn, owner),
      ...(conversation.cc && { cc: conversation.cc.filter(({ address }) => address !== from.address) }),
      subject: `${index === 0 ? '' : (conversation.replyPrefix ?? 'Re: ')}${conversation.subject}`,
      date,
      messageId,
      references: [...ids],
      text: previous === undefined ? turn.text : `${turn.text}\n\n${quote(previous, owner)}`,
      ...(conversation.charset && { charset: conversation.charset }),
      ...(conversation.encoding && { encoding: conversation.encoding }),
    });
    ids.push(messageId);
    const answered = conversation.turns[index + 1]?.from === 'me';
    const folder = turn.from === 'me' ? 'Sent' : (conversation.folder ?? 'INBOX');
    yield { bytes, date, folder, flags: flagsOf(turn, answered, index === conversation.turns.length - 1, random) };
  }
}

function recipientsOf(conversation: Conversation, turn: Turn, owner: Person): Person[] {
  if (turn.from !== 'me') return [owner];
  const others = conversation.turns.flatMap(({ from }) => (from === 'me' ? [] : [from]));
  return others.slice(0, 1);
}

/** What is quoted of the message before: its words, not what it quoted itself. */
function quote(previous: Turn, owner: Person): string {
  const { name } = previous.from === 'me' ? owner : previous.from;
  const lines = previous.text.split('\n').map((line) => (line === '' ? '>' : `> ${line}`));
  return [`${name}:`, ...lines].join('\n');
}

function flagsOf(turn: Turn, answered: boolean, isLast: boolean, random: Random): DemoFlag[] {
  if (turn.from === 'me') return ['seen'];
  if (isLast && random.chance(0.4)) return [];
  return ['seen', ...(answered ? (['answered'] as const) : []), ...(random.chance(0.12) ? (['flagged'] as const) : [])];
}
