import type { FetchMessageObject, ImapFlow, MessageAddressObject } from 'imapflow';
import type { MailClient } from '../connection/mail-client.ts';
import type { MessageFlags, MessageRow, Person } from '../types.ts';
import { type PreviewMemory, readPreviews } from './preview.ts';
import { hasAttachments } from './structure.ts';

const MAX_PEOPLE = 100;

/** Header text for one line: decoded words may hold line ends and worse. */
export function cleanText(text: string | undefined, maxCharacters: number): string {
  return (text ?? '')
    .replace(/[\p{Cc}\p{Bidi_Control}]+/gu, ' ')
    .trim()
    .slice(0, maxCharacters);
}

export function toPeople(addresses: readonly MessageAddressObject[] | undefined): Person[] {
  return (addresses ?? [])
    .slice(0, MAX_PEOPLE)
    .filter((entry) => entry.address)
    .map((entry) => ({ name: cleanText(entry.name, 200), address: cleanText(entry.address, 320) }));
}

export function toFlags(flags: ReadonlySet<string> | undefined): MessageFlags {
  const lower = new Set([...(flags ?? [])].map((flag) => flag.toLowerCase()));
  return {
    seen: lower.has('\\seen'),
    flagged: lower.has('\\flagged'),
    answered: lower.has('\\answered'),
    forwarded: lower.has('$forwarded'),
    draft: lower.has('\\draft'),
  };
}

export function toIsoDate(date: Date | string | undefined): string {
  const parsed = new Date(date ?? 0);
  return Number.isNaN(parsed.getTime()) ? new Date(0).toISOString() : parsed.toISOString();
}

function toRow(message: FetchMessageObject, preview: string): MessageRow {
  const { envelope } = message;
  return {
    uid: message.uid,
    ...toFlags(message.flags),
    from: toPeople(envelope?.from),
    to: toPeople(envelope?.to).slice(0, 10),
    subject: cleanText(envelope?.subject, 500),
    date: toIsoDate(message.internalDate),
    sizeBytes: message.size ?? 0,
    hasAttachments: message.bodyStructure ? hasAttachments(message.bodyStructure) : false,
    preview,
  };
}

const ROW_QUERY = { uid: true, flags: true, envelope: true, internalDate: true, size: true, bodyStructure: true };

function previewMemory(mail: MailClient): PreviewMemory {
  const known = mail.memory.get('previews');
  if (known) return known as PreviewMemory;
  const memory: PreviewMemory = new Map();
  mail.memory.set('previews', memory);
  return memory;
}

/** Rows of `uids` of the selected folder, in that order; those that are gone are left out. */
export async function fetchRows(mail: MailClient, client: ImapFlow, uids: readonly number[]): Promise<MessageRow[]> {
  if (uids.length === 0 || client.mailbox === false) return [];
  const { path, uidValidity } = client.mailbox;
  const messages = await client.fetchAll(uids.join(','), ROW_QUERY, { uid: true });
  const previews = await readPreviews(client, messages, previewMemory(mail), `${uidValidity}:${path}`);
  const byUid = new Map(messages.map((message) => [message.uid, toRow(message, previews.get(message.uid) ?? '')]));
  return uids.flatMap((uid) => byUid.get(uid) ?? []);
}
