/**
 * Tells other nodes what changed, through NOTIFY `mailstead_change`, when there are any: a node says hello when it begins to listen, and
 * whoever hears of a node for the first time answers that it should look at everything. So between two nodes nothing is
 * missed, and a node alone sends nothing.
 *
 * PostgreSQL lets one notifying transaction commit at a time, so announcements are not part of the commits they tell of: one
 * announcement is under way at a time and the next gathers all that happened meanwhile. A node that dies in between leaves
 * others behind until their next refresh, which every command of a session makes.
 */
import type { Pool } from 'pg';
import type { AccountId, FolderId } from '../types.ts';
import { type Announced, CHANNEL, encodeAnnouncement } from './announcement.ts';

export interface Announcer {
  announce(accountId: AccountId, folderId: FolderId): void;
  /** To be called when this node begins to listen. */
  greet(): void;
  /** Takes note of another node, from any announcement of its. */
  meet(node: string): void;
  /** Waits for what is gathered. */
  close(): Promise<void>;
}

export function createAnnouncer(pool: Pool, node: string, onError: (error: unknown) => void): Announcer {
  const peers = new Set<string>();
  let gathered = new Map<AccountId, Set<FolderId>>();
  const signals: Announced[] = [];
  let running: Promise<void> | undefined;

  async function notify(what: Announced): Promise<void> {
    try {
      const payload = encodeAnnouncement(node, what);
      await pool.query({ name: 'announce', text: 'SELECT pg_notify($1, $2)', values: [CHANNEL, payload] });
    } catch (error) {
      onError(error); // the changes themselves are committed; others learn of them at their next refresh
    }
  }

  async function send(): Promise<void> {
    while (gathered.size > 0 || signals.length > 0) {
      const signal = signals.shift();
      if (signal) await notify(signal);
      else {
        const changed = gathered;
        gathered = new Map();
        await notify(changed);
      }
    }
    running = undefined;
  }

  function start(): void {
    running ??= Promise.resolve().then(send);
  }

  return {
    announce: (accountId, folderId) => {
      if (peers.size === 0) return;
      const folders = gathered.get(accountId);
      if (folders) folders.add(folderId);
      else gathered.set(accountId, new Set([folderId]));
      start();
    },
    greet: () => {
      signals.push('hello');
      start();
    },
    meet: (other) => {
      if (other === node || peers.has(other)) return;
      peers.add(other);
      signals.push('look');
      start();
    },
    close: async () => {
      await running;
    },
  };
}
