/** Whom one writes to and hears from, for the address fields: from the newest messages of Sent and the inbox. */
import type { ImapFlow } from 'imapflow';
import { type MailClient, selectFolder } from '../connection/mail-client.ts';
import { requireRoleFolder } from '../folders/list-folders.ts';
import { toPeople } from '../messages/message-row.ts';
import type { Person } from '../types.ts';

const SENT_MESSAGES = 300;
const INBOX_MESSAGES = 200;
const MAX_AGE_MS = 5 * 60_000;
const MAX_ANSWERS = 8;
/** Somebody one wrote to is a likelier recipient than somebody who wrote. */
const SENT_WEIGHT = 5;

interface Known extends Person {
  weight: number;
}

interface Memory {
  at: number;
  people: Known[];
}

async function collect(
  client: ImapFlow,
  folder: string,
  limit: number,
  weight: number,
  into: Map<string, Known>,
): Promise<void> {
  const { exists } = await selectFolder(client, folder);
  if (exists === 0) return;
  for await (const { envelope } of client.fetch(`${Math.max(1, exists - limit + 1)}:*`, {
    uid: true,
    envelope: true,
  })) {
    const people = weight === SENT_WEIGHT ? [...(envelope?.to ?? []), ...(envelope?.cc ?? [])] : (envelope?.from ?? []);
    for (const person of toPeople(people)) {
      const key = person.address.toLowerCase();
      const known = into.get(key);
      into.set(key, {
        address: person.address,
        name: known?.name || person.name,
        weight: (known?.weight ?? 0) + weight,
      });
    }
  }
}

async function readKnown(mail: MailClient, now: number): Promise<Known[]> {
  const remembered = mail.memory.get('people') as Memory | undefined;
  if (remembered && now - remembered.at < MAX_AGE_MS) return remembered.people;
  const found = new Map<string, Known>();
  await mail.run(async (client) => {
    await collect(client, await requireRoleFolder(client, 'sent'), SENT_MESSAGES, SENT_WEIGHT, found);
    await collect(client, 'INBOX', INBOX_MESSAGES, 1, found);
  });
  const people = [...found.values()].sort((a, b) => b.weight - a.weight);
  mail.memory.set('people', { at: now, people } satisfies Memory);
  return people;
}

function matchPeople(people: readonly Person[], text: string): Person[] {
  const needle = text.trim().toLowerCase();
  if (needle === '') return [];
  const starts: Person[] = [];
  const contains: Person[] = [];
  for (const { name, address } of people) {
    const words = [address, ...name.split(/\s+/)].map((word) => word.toLowerCase());
    if (words.some((word) => word.startsWith(needle))) starts.push({ name, address });
    else if (`${name} ${address}`.toLowerCase().includes(needle)) contains.push({ name, address });
  }
  return [...starts, ...contains].slice(0, MAX_ANSWERS);
}

/** Likeliest first; those a word of whose name or whose address begins with `text` before those that contain it. */
export async function suggestAddresses(mail: MailClient, text: string, now: Date): Promise<Person[]> {
  return text.trim() === '' ? [] : matchPeople(await readKnown(mail, now.getTime()), text);
}
