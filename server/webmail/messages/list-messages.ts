import type { ImapFlow } from 'imapflow';
import type { MailClient } from '../connection/mail-client.ts';
import { requireDone } from '../connection/mail-error.ts';
import type { MessagePage } from '../types.ts';
import { readFolderOrder } from './folder-order.ts';
import { fetchRows } from './message-row.ts';
import { groupTerms, parseSearch } from './search-query.ts';

export interface ListInput {
  folder: string;
  /** Counted from the newest. */
  offset: number;
  limit: number;
  /** The search box's text; '' lists all. */
  query: string;
}

async function searchUids(client: ImapFlow, query: string, now: Date): Promise<Set<number> | undefined> {
  let found: Set<number> | undefined;
  for (const criteria of groupTerms(parseSearch(query, now))) {
    const uids = requireDone(await client.search(criteria, { uid: true }), 'search');
    const before = found;
    found = new Set(before ? uids.filter((uid) => before.has(uid)) : uids);
    if (found.size === 0) return found;
  }
  return found;
}

/** One page of a folder or of what a search found in it, newest first. */
export function listMessages(mail: MailClient, input: ListInput, now: Date): Promise<MessagePage> {
  return mail.inFolder(input.folder, async (client, mailbox) => {
    const order = await readFolderOrder(mail, client, mailbox);
    const found = await searchUids(client, input.query, now);
    const uids = found ? order.filter((uid) => found.has(uid)) : order;
    const rows = await fetchRows(mail, client, uids.slice(input.offset, input.offset + input.limit));
    return { folder: input.folder, total: uids.length, offset: input.offset, rows };
  });
}
