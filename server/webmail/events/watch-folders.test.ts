import { EventEmitter } from 'node:events';
import type { ImapFlow } from 'imapflow';
import { expect, test } from 'vitest';
import { MailClient } from '../connection/mail-client.ts';
import { type MailEvent, type WatchOptions, watchFolders } from './watch-folders.ts';

type Answer = 'opens' | 'missing' | 'busy';

/** A mail server by its answers to SELECT, and how many connections to it are open. */
class MailServer {
  open = 0;
  connected = 0;
  mostOpen = 0;
  latest: Connection | undefined;
  answers: Record<string, Answer[]>;
  constructor(answers: Record<string, Answer[]>) {
    this.answers = answers;
  }

  readonly client = new MailClient({ connect: async () => new Connection(this) as unknown as ImapFlow });

  /** Whoever is connected loses the connection. */
  restart(): void {
    setImmediate(() => this.latest?.close());
  }
}

class Connection extends EventEmitter {
  usable = true;
  readonly #server: MailServer;
  constructor(server: MailServer) {
    super();
    this.#server = server;
    server.latest = this;
    server.open += 1;
    server.connected += 1;
    server.mostOpen = Math.max(server.mostOpen, server.open);
  }

  async mailboxOpen(path: string): Promise<object> {
    const answer = this.#server.answers[path]?.shift() ?? 'opens';
    if (answer === 'missing') throw Object.assign(new Error('Command failed'), { mailboxMissing: true });
    if (answer === 'busy') throw Object.assign(new Error('Command failed'), { serverResponseCode: 'INUSE' });
    return { path, uidNext: 1 };
  }

  close(): void {
    if (!this.usable) return;
    this.usable = false;
    this.#server.open -= 1;
    this.emit('close');
  }
}

function options(more: Partial<WatchOptions>): WatchOptions {
  return {
    folders: ['INBOX'],
    onEvent: () => undefined,
    signal: new AbortController().signal,
    wait: async () => undefined,
    now: () => new Date(),
    ...more,
  };
}

test('the watch of a folder that does not exist ends, and leaves no connection', async () => {
  const server = new MailServer({ Deleted: ['missing', 'missing', 'missing'] });
  const ended = new AbortController();
  const wait = async (): Promise<void> => {
    if (server.connected === 3) ended.abort();
  };
  await watchFolders(server.client, options({ folders: ['Deleted'], signal: ended.signal, wait }));
  expect(server).toMatchObject({ connected: 1, open: 0 });
});

test('the other folders are watched on', async () => {
  const server = new MailServer({ Deleted: Array.from({ length: 40 }, () => 'missing') });
  const ended = new AbortController();
  const events: MailEvent[] = [];
  const watching = Promise.withResolvers<void>();
  const watch = watchFolders(
    server.client,
    options({
      folders: ['INBOX', 'Deleted'],
      signal: ended.signal,
      onEvent: (event) => {
        events.push(event);
        watching.resolve();
      },
    }),
  );
  await watching.promise;
  await expect.poll(() => server).toMatchObject({ connected: 2, open: 1 });
  ended.abort();
  await watch;
  expect(server.open).toBe(0);
  expect(events).toEqual([{ type: 'watching', folder: 'INBOX' }]);
});

test('a folder that cannot be opened for now is tried again ever later, by one connection at a time', async () => {
  const server = new MailServer({ INBOX: ['busy', 'busy', 'busy', 'opens', 'busy', 'opens'] });
  const ended = new AbortController();
  const delays: number[] = [];
  let opened = 0;
  await watchFolders(
    server.client,
    options({
      signal: ended.signal,
      wait: async (ms) => {
        delays.push(ms);
      },
      onEvent: () => {
        opened += 1;
        if (opened === 2) ended.abort();
        else server.restart();
      },
    }),
  );
  expect(delays).toEqual([1_000, 2_000, 4_000, 1_000, 2_000]);
  expect(server).toMatchObject({ mostOpen: 1, open: 0 });
});

test('a watch that ends while its connection is being made leaves none', async () => {
  const server = new MailServer({});
  const ended = new AbortController();
  const watch = watchFolders(server.client, options({ signal: ended.signal }));
  ended.abort();
  await watch;
  expect(server.open).toBe(0);
});

test('a sign-out while a connection is being made leaves none', async () => {
  const server = new MailServer({});
  const events: MailEvent[] = [];
  const watch = watchFolders(server.client, options({ onEvent: (event) => events.push(event) }));
  server.client.close();
  await watch;
  expect(server.open).toBe(0);
  expect(events).toEqual([{ type: 'signed-out' }]);
});
