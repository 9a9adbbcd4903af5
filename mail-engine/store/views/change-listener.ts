/**
 * Hears other nodes' announcements on a connection of its own. A lost connection is made anew for as long as the listener is open, and
 * then everything is looked at, because announcements made meanwhile are lost.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { type Announcement, CHANNEL, decodeAnnouncement } from './announcer.ts';

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 10_000;

export interface ChangeListenerOptions {
  url: string;
  onAnnouncement: (announcement: Announcement) => void;
  /** Listening (again): anything may have changed. */
  onListening: () => void;
  onError: (error: unknown) => void;
}

export interface ChangeListener {
  close(): Promise<void>;
}

/** Resolves when it listens; throws when the first connection fails. */
export async function startChangeListener(options: ChangeListenerOptions): Promise<ChangeListener> {
  const closing = new AbortController();
  let client: Client | undefined;

  async function connect(): Promise<Client> {
    const next = new Client({ connectionString: options.url, keepAlive: true, application_name: 'mailstead changes' });
    next.on('error', (error) => options.onError(error));
    next.on('notification', ({ payload }) => options.onAnnouncement(decodeAnnouncement(payload ?? '')));
    try {
      await next.connect();
      await next.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      await next.end().catch(() => undefined); // the first error is the one that tells
      throw error;
    }
    next.once('end', () => void reconnect()); // ends by itself when the listener closes
    options.onListening();
    return next;
  }

  async function reconnect(): Promise<void> {
    for (let waitMs = FIRST_DELAY_MS; !closing.signal.aborted; waitMs = Math.min(waitMs * 2, LONGEST_DELAY_MS)) {
      try {
        client = await connect();
        if (closing.signal.aborted) await client.end();
        return;
      } catch (error) {
        options.onError(error);
        await delay(waitMs, undefined, { signal: closing.signal }).catch(() => undefined); // closing ends the wait
      }
    }
  }

  client = await connect();
  return {
    close: async () => {
      closing.abort();
      await client?.end();
    },
  };
}
