/** Who a reply goes to, what its subject and its references are: pure. */
import type { OpenedMessage, Person } from '../types.ts';

export type ReplyMode = 'reply' | 'reply-all' | 'forward';

const MAX_REFERENCES = 50;

function isSelf(person: Person, self: Person): boolean {
  return person.address.toLowerCase() === self.address.toLowerCase();
}

function unique(people: readonly Person[], except: readonly Person[] = []): Person[] {
  const seen = new Set(except.map(({ address }) => address.toLowerCase()));
  return people.filter(({ address }) => {
    const key = address.toLowerCase();
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

type Addressed = Pick<OpenedMessage, 'from' | 'replyTo' | 'to' | 'cc'>;

/** Reply-To before From; one's own message is answered to whom it went. Oneself is left out unless nobody else is there. */
export function chooseRecipients(message: Addressed, self: Person, mode: ReplyMode): { to: Person[]; cc: Person[] } {
  if (mode === 'forward') return { to: [], cc: [] };
  const own = message.from.some((person) => isSelf(person, self));
  const author = message.replyTo.length > 0 ? message.replyTo : message.from;
  const to = unique(own ? message.to : author);
  if (mode === 'reply') return { to, cc: [] };
  const others = [...(own ? [] : message.to), ...message.cc].filter((person) => !isSelf(person, self));
  return { to, cc: unique(others, to) };
}

/** An answer comes from the address the message went to, where that is one the account may write as; null: its own. */
export function chooseSender({ from, to, cc }: Addressed, self: Person, senders: readonly string[]): string | null {
  const mine = new Map(senders.map((address) => [address.toLowerCase(), address]));
  mine.delete(self.address.toLowerCase());
  const wasSelf = [...to, ...cc].some((person) => isSelf(person, self));
  if (wasSelf) return null;
  const hit = [...from, ...to, ...cc].find(({ address }) => mine.has(address.toLowerCase()));
  return hit ? (mine.get(hit.address.toLowerCase()) ?? null) : null;
}

/** `Re:` and `Fwd:` are put once, whatever language's prefix stood there. */
export function prefixSubject(subject: string, mode: ReplyMode): string {
  const prefix = mode === 'forward' ? 'Fwd' : 'Re';
  const known = mode === 'forward' ? /^(?:fwd?|wg|tr|rv|enc)\s*:\s*/i : /^(?:re|aw|sv|antw|odp)(?:\[\d+\])?\s*:\s*/i;
  return `${prefix}: ${subject.replace(known, '')}`.slice(0, 900);
}

/** References of an answer (RFC 5322 §3.6.4): those of the answered, then its Message-ID; the middle goes when there are too many. */
export function joinReferences(references: string, inReplyTo: string, messageId: string): string[] {
  const ids = [...`${references || inReplyTo} ${messageId}`.matchAll(/<[^\s<>]{1,990}>/g)].map(([id]) => id);
  const all = [...new Set(ids)];
  const first = all[0];
  return all.length <= MAX_REFERENCES || first === undefined ? all : [first, ...all.slice(1 - MAX_REFERENCES)];
}
