/** All the mail of a demo mailbox, oldest first: the same for the same account, moment and seed. */
import { deepThread } from './conversations/deep-thread.ts';
import { eastAsian } from './conversations/east-asian.ts';
import { english } from './conversations/english.ts';
import { german } from './conversations/german.ts';
import { romance } from './conversations/romance.ts';
import { semitic } from './conversations/semitic.ts';
import { slavicGreek } from './conversations/slavic-greek.ts';
import { writeConversation } from './conversations/write.ts';
import { composeBounce } from './mailings/bounce.ts';
import { listPosts } from './mailings/list-posts.ts';
import { newsletters } from './mailings/newsletters.ts';
import { notices } from './mailings/notices.ts';
import { oddities } from './mailings/oddities.ts';
import { papers } from './mailings/papers.ts';
import type { Mailing } from './mailings/types.ts';
import { composeLetter } from './mime/compose.ts';
import { createRandom, type Random } from './random.ts';
import type { DemoAccount, DemoMessage, Person } from './types.ts';

export interface DemoOptions {
  /** The present moment of the demo; messages go back about a year from it. */
  now: Date;
  seed?: string;
}

const HOUR = 3_600_000;
const CONVERSATIONS = [...english, ...german, ...romance, ...slavicGreek, ...semitic, ...eastAsian, deepThread];
/** Machine-made mail of a busy mailbox. */
const NOTICES = 90;
/** Of everything but the oddities, a quiet mailbox has this share. */
const QUIET_SHARE = 0.14;

/** Several hundred messages for a busy account, several dozen for a quiet one. */
export function* demoMessages(account: DemoAccount, options: DemoOptions): Generator<DemoMessage> {
  const random = createRandom(`${options.seed ?? 'mailstead'} ${account.address}`);
  const owner = { name: account.displayName, address: account.address };
  const messages = [
    ...writeConversations(account, owner, options.now, random),
    ...writeMailings(account, owner, options.now, random),
  ];
  messages.sort((left, right) => left.date.getTime() - right.date.getTime());
  yield* messages;
}

function writeConversations(account: DemoAccount, owner: Person, now: Date, random: Random): DemoMessage[] {
  const messages: DemoMessage[] = [];
  for (const [index, conversation] of CONVERSATIONS.entries()) {
    // The random numbers are taken in any case, so that one more conversation changes no other.
    const own = createRandom(`${account.address} ${conversation.subject}`);
    const keep = account.mail === 'busy' || own.chance(3 * QUIET_SHARE);
    const last = new Date(now.getTime() - (1 + ((index * 7) % CONVERSATIONS.length) * random.between(14, 30)) * HOUR);
    if (keep) messages.push(...writeConversation(conversation, owner, last, own));
  }
  return messages;
}

function writeMailings(account: DemoAccount, owner: Person, now: Date, random: Random): DemoMessage[] {
  const regular = [...newsletters(), ...papers(owner, now, random), ...listPosts(random), ...notices(random, NOTICES)];
  const kept = account.mail === 'busy' ? regular : regular.filter(() => random.chance(QUIET_SHARE));
  const odd = account.mail === 'busy' ? oddities() : [];
  const threads = new Map<string, string[]>();
  const messages = [...kept, ...odd].map((mailing) => writeMailing(mailing, owner, now, random, threads));
  const date = new Date(now.getTime() - 15 * HOUR);
  return [...messages, { bytes: composeBounce(owner, date, random.hex(12)), date, folder: 'INBOX', flags: [] }];
}

/** `threads` has the ids of each subject so far: answers on the list refer to them. */
function writeMailing(
  mailing: Mailing,
  owner: Person,
  now: Date,
  random: Random,
  threads: Map<string, string[]>,
): DemoMessage {
  const { hoursAgo, folder = 'INBOX', flags = [], to, ...content } = mailing;
  const date = new Date(now.getTime() - hoursAgo * HOUR - random.between(0, 3_599) * 1000);
  const isDraft = folder === 'Drafts';
  const from = isDraft ? owner : mailing.from;
  const messageId = `${random.hex(20)}@${from.address.split('@')[1]}`;
  const topic = mailing.subject?.replace(/^Re: /, '') ?? '';
  const references = mailing.subject?.startsWith('Re: ') ? (threads.get(topic) ?? []) : [];
  threads.set(topic, [...references, messageId]);
  const bytes = composeLetter({
    ...content,
    from,
    to: to ?? [isDraft ? mailing.from : owner],
    date,
    messageId,
    references,
  });
  return { bytes, date, folder, flags };
}
