/**
 * What happens in folders as it happens: one idling connection per folder watched (IDLE, RFC 2177), reconnected with growing
 * delays when it is lost, ended when the session has ended or the folder is gone. A folder has one connection at most, and none
 * when its watch is over.
 */
import type { ImapFlow } from 'imapflow';
import { OperationError } from '../../actor/errors.ts';
import { type MailClient, openFolder } from '../connection/mail-client.ts';
import { fetchRows } from '../messages/message-row.ts';
import type { MessageRow } from '../types.ts';

export type MailEvent =
  /** New messages, newest last; the list changed too. */
  | { type: 'arrived'; folder: string; messages: MessageRow[] }
  /** Messages came, went, or changed their flags. */
  | { type: 'changed'; folder: string }
  /** From now on nothing of this folder is missed; before, at the first connection or a later one, anything may have changed. */
  | { type: 'watching'; folder: string }
  | { type: 'signed-out' };

export interface WatchOptions {
  folders: readonly string[];
  onEvent: (event: MailEvent) => void;
  /** Ends the watch. */
  signal: AbortSignal;
  /** Resolves after so many milliseconds or when the signal aborts. */
  wait: (ms: number, signal: AbortSignal) => Promise<void>;
  now: () => Date;
}

const MAX_WATCHERS = 8;
const MAX_ANNOUNCED = 5;
/** What arrived longer ago was moved here: news to the list, not to the person. */
const NEWS_MS = 120_000;
const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 30_000;

function watcherCount(mail: MailClient): { open: number } {
  const known = mail.memory.get('watchers') as { open: number } | undefined;
  const count = known ?? { open: 0 };
  mail.memory.set('watchers', count);
  return count;
}

async function announce(
  mail: MailClient,
  folder: string,
  fromUid: number,
  { onEvent, now }: WatchOptions,
): Promise<number> {
  const messages = await mail.inFolder(folder, async (client) => {
    // A NOOP lets a connection that had the folder open already see what the watcher saw.
    await client.noop();
    const uids: number[] = [];
    for await (const { uid } of client.fetch(`${fromUid}:*`, { uid: true }, { uid: true }))
      if (uid >= fromUid) uids.push(uid);
    return fetchRows(mail, client, uids.slice(-MAX_ANNOUNCED));
  });
  const news = messages.filter(({ date }) => now().getTime() - Date.parse(date) < NEWS_MS);
  if (news.length > 0) onEvent({ type: 'arrived', folder, messages: news });
  else onEvent({ type: 'changed', folder });
  return Math.max(fromUid, ...messages.map(({ uid }) => uid + 1));
}

/** Follows one connection, which has `folder` open, until it closes. */
async function follow(
  mail: MailClient,
  watcher: ImapFlow,
  { folder, uidNext }: { folder: string; uidNext: number },
  options: WatchOptions,
): Promise<void> {
  const { onEvent } = options;
  let nextUid = uidNext;
  let pending: Promise<void> = Promise.resolve();
  watcher.on('exists', ({ count, prevCount }) => {
    if (count <= prevCount) return;
    pending = pending
      .then(async () => {
        nextUid = await announce(mail, folder, nextUid, options);
      })
      .catch(() => onEvent({ type: 'changed', folder }));
  });
  watcher.on('expunge', () => onEvent({ type: 'changed', folder }));
  watcher.on('flags', () => onEvent({ type: 'changed', folder }));
  onEvent({ type: 'watching', folder });
  await new Promise<void>((resolve) => {
    watcher.once('close', () => resolve());
    if (!watcher.usable) resolve();
  });
  await pending;
}

function hasEnded(error: unknown): error is OperationError {
  return error instanceof OperationError && (error.code === 'unauthenticated' || error.code === 'not-found');
}

/** One connection from its beginning to its end; calls `onOpen` when the folder is open. */
async function watchOnce(
  mail: MailClient,
  folder: string,
  options: WatchOptions & { onOpen: () => void },
): Promise<void> {
  const { signal } = options;
  const watcher = await mail.openWatcher();
  const close = (): void => watcher.close();
  signal.addEventListener('abort', close);
  try {
    if (signal.aborted) return;
    const { uidNext } = await openFolder(watcher, folder, { readOnly: true });
    options.onOpen();
    await follow(mail, watcher, { folder, uidNext }, options);
  } finally {
    signal.removeEventListener('abort', close);
    close();
  }
}

async function watchFolder(mail: MailClient, folder: string, options: WatchOptions): Promise<void> {
  const { onEvent, signal, wait } = options;
  let delayMs = FIRST_DELAY_MS;
  const onOpen = (): void => {
    delayMs = FIRST_DELAY_MS;
  };
  while (!signal.aborted) {
    try {
      await watchOnce(mail, folder, { ...options, onOpen });
    } catch (error) {
      // Anything else passes: the server restarts, the network comes back.
      if (hasEnded(error)) {
        if (error.code === 'unauthenticated') onEvent({ type: 'signed-out' });
        return;
      }
    }
    if (!signal.aborted) await wait(delayMs, signal);
    delayMs = Math.min(delayMs * 2, MAX_DELAY_MS);
  }
}

/** Runs until `signal` aborts or the session ends. Refuses when the session watches too much already. */
export async function watchFolders(mail: MailClient, options: WatchOptions): Promise<void> {
  const count = watcherCount(mail);
  const folders = [...new Set(options.folders)];
  if (count.open + folders.length > MAX_WATCHERS) {
    throw new OperationError('limit-reached', 'Webmail is open in too many windows.');
  }
  count.open += folders.length;
  try {
    await Promise.all(folders.map((folder) => watchFolder(mail, folder, options)));
  } finally {
    count.open -= folders.length;
  }
}
