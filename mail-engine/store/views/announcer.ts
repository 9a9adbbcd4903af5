/**
 * Tells other nodes what changed, through NOTIFY `mailstead_change`. PostgreSQL lets one notifying transaction commit at a time, so
 * announcements are not part of the commits they tell of: one announcement is under way at a time and the next gathers all
 * that happened meanwhile. A node that dies in between leaves others behind until their next refresh, which every
 * command of a session makes.
 *
 * Payload: `node account:folder,folder account:folder …`, ids in base 36; or `node look` when that would not fit.
 */
import type { Pool } from 'pg';
import type { AccountId, FolderId } from '../types.ts';

export const CHANNEL = 'mailstead_change';
/** PostgreSQL takes payloads shorter than 8000 bytes. */
const PAYLOAD_BYTES = 7_900;

export type Announcement = { node: string; accounts: Map<AccountId, FolderId[]> | 'look' };

export function encodeAnnouncement(node: string, changed: ReadonlyMap<AccountId, ReadonlySet<FolderId>>): string {
  const parts = [...changed].map(
    ([accountId, folders]) => `${accountId.toString(36)}:${[...folders].map((id) => id.toString(36)).join(',')}`,
  );
  const payload = [node, ...parts].join(' ');
  return payload.length < PAYLOAD_BYTES ? payload : `${node} look`;
}

/** Anything that is not an announcement of ours means "look". */
export function decodeAnnouncement(payload: string): Announcement {
  const [node = '', ...parts] = payload.split(' ');
  const accounts = new Map<AccountId, FolderId[]>();
  for (const part of parts) {
    const match = /^([0-9a-z]+):([0-9a-z,]+)$/.exec(part);
    if (!match?.[1] || !match[2]) return { node, accounts: 'look' };
    const folders = match[2].split(',').map((id) => Number.parseInt(id, 36));
    accounts.set(Number.parseInt(match[1], 36), folders);
  }
  return { node, accounts };
}

export interface Announcer {
  announce(accountId: AccountId, folderId: FolderId): void;
  /** Waits for what is gathered. */
  close(): Promise<void>;
}

export function createAnnouncer(pool: Pool, node: string, onError: (error: unknown) => void): Announcer {
  let gathered = new Map<AccountId, Set<FolderId>>();
  let running: Promise<void> | undefined;

  async function send(): Promise<void> {
    while (gathered.size > 0) {
      const payload = encodeAnnouncement(node, gathered);
      gathered = new Map();
      try {
        await pool.query({ name: 'announce', text: 'SELECT pg_notify($1, $2)', values: [CHANNEL, payload] });
      } catch (error) {
        onError(error); // the changes themselves are committed; others learn of them at their next refresh
      }
    }
    running = undefined;
  }

  return {
    announce: (accountId, folderId) => {
      const folders = gathered.get(accountId);
      if (folders) folders.add(folderId);
      else gathered.set(accountId, new Set([folderId]));
      running ??= Promise.resolve().then(send);
    },
    close: async () => {
      await running;
    },
  };
}
