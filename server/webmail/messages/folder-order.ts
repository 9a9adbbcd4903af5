/**
 * All uids of a folder, newest first by arrival (INTERNALDATE, then uid), so that a message moved out and back is where it
 * was. Kept per session and brought up to date by what STATUS shows as changed: a list that did not change costs one command.
 */
import type { ImapFlow, MailboxObject } from 'imapflow';
import type { MailClient } from '../connection/mail-client.ts';
import { requireDone } from '../connection/mail-error.ts';

interface FolderOrder {
  uidValidity: bigint;
  uidNext: number;
  /** Seconds of arrival by uid; empty where the folder is too large for it. */
  arrivals: Map<number, number>;
  uids: number[];
}

/** Beyond this the dates are not fetched: uid order is arrival order for all but moved messages. */
const MAX_DATED = 20_000;
const MAX_FOLDERS = 4;

function ordersOf(mail: MailClient): Map<string, FolderOrder> {
  const known = mail.memory.get('orders');
  if (known) return known as Map<string, FolderOrder>;
  const orders = new Map<string, FolderOrder>();
  mail.memory.set('orders', orders);
  return orders;
}

async function searchAll(client: ImapFlow): Promise<number[]> {
  return requireDone(await client.search({ all: true }, { uid: true }), 'list the messages');
}

async function fetchArrivals(client: ImapFlow, fromUid: number, into: Map<number, number>): Promise<void> {
  for await (const { uid, internalDate } of client.fetch(
    `${fromUid}:*`,
    { uid: true, internalDate: true },
    { uid: true },
  )) {
    // `n:*` always names the last message, also when its uid is below n (RFC 9051 §9 seq-range).
    if (uid >= fromUid) into.set(uid, Math.floor(new Date(internalDate ?? 0).getTime() / 1000));
  }
}

function sortByArrival(arrivals: ReadonlyMap<number, number>): number[] {
  return [...arrivals.keys()].sort((a, b) => (arrivals.get(b) ?? 0) - (arrivals.get(a) ?? 0) || b - a);
}

async function readOrder(
  client: ImapFlow,
  old: FolderOrder | undefined,
  exists: number,
  uidNext: number,
): Promise<number[]> {
  if (exists === 0) return [];
  if (exists > MAX_DATED) return (await searchAll(client)).sort((a, b) => b - a);
  const arrivals = old?.arrivals ?? new Map<number, number>();
  if (old?.uidNext !== uidNext || arrivals.size === 0)
    await fetchArrivals(client, old && arrivals.size > 0 ? old.uidNext : 1, arrivals);
  if (arrivals.size !== exists) {
    const present = new Set(await searchAll(client));
    for (const uid of arrivals.keys()) if (!present.has(uid)) arrivals.delete(uid);
  }
  return sortByArrival(arrivals);
}

function keep(orders: Map<string, FolderOrder>, path: string, order: FolderOrder): void {
  orders.delete(path);
  orders.set(path, order);
  const oldest = orders.keys().next().value;
  if (orders.size > MAX_FOLDERS && oldest !== undefined) orders.delete(oldest);
}

/** Uids of the selected folder, newest first. */
export async function readFolderOrder(
  mail: MailClient,
  client: ImapFlow,
  mailbox: MailboxObject,
): Promise<readonly number[]> {
  const query = { messages: true, uidNext: true, uidValidity: true };
  const status = requireDone(await client.status(mailbox.path, query), 'count the messages');
  const { messages = 0, uidNext = 1, uidValidity = mailbox.uidValidity } = status;
  const orders = ordersOf(mail);
  const known = orders.get(mailbox.path);
  const old = known?.uidValidity === uidValidity ? known : undefined;
  if (old && old.uidNext === uidNext && old.uids.length === messages) return old.uids;
  const arrivals = old?.arrivals ?? new Map<number, number>();
  const uids = await readOrder(
    client,
    { uidValidity, uidNext: old?.uidNext ?? 1, arrivals, uids: [] },
    messages,
    uidNext,
  );
  keep(orders, mailbox.path, { uidValidity, uidNext, arrivals: messages > MAX_DATED ? new Map() : arrivals, uids });
  return uids;
}
