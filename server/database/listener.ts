/**
 * A connection of its own that LISTENs on one channel and comes back by itself. Whoever keeps rows in memory must not trust
 * them while `onDown` has been called and `onUp` not yet: notifications of that time are lost.
 */
import { Client } from 'pg';
import { logger } from '../logger.ts';

const log = logger('database');
const PING_MS = 20_000;
const MAX_BACKOFF_MS = 10_000;

export interface ListenerOptions {
  /** A direct connection to PostgreSQL: transaction poolers do not pass notifications on. */
  url: string;
  channel: string;
  onNotify: (payload: string) => void;
  /** Listening from now on. */
  onUp: () => void;
  onDown: () => void;
}

export interface Listener {
  close(): Promise<void>;
}

interface Attempt {
  /** Rejects or resolves when the connection is gone. */
  ended: Promise<void>;
  end: () => Promise<void>;
}

/**
 * A peer that vanished without a word would otherwise look like one with nothing to say: it is gone when it has not answered by the time
 * it would be asked again.
 */
function keepAsking(client: Client): NodeJS.Timeout {
  let isAnswered = true;
  const ask = async (): Promise<void> => {
    if (!isAnswered) return client.end();
    isAnswered = false;
    await client.query('SELECT 1');
    isAnswered = true;
  };
  return setInterval(() => void ask().catch(() => client.end()), PING_MS).unref();
}

async function connect(options: ListenerOptions): Promise<Attempt> {
  const client = new Client({
    connectionString: options.url,
    application_name: `mailstead listen ${options.channel}`,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
  });
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  client.on('error', () => resolve());
  client.on('end', () => resolve());
  client.on('notification', ({ payload }) => options.onNotify(payload ?? ''));
  await client.connect();
  await client.query(`LISTEN ${client.escapeIdentifier(options.channel)}`);
  const asking = keepAsking(client);
  void ended.then(() => clearInterval(asking));
  return { ended, end: () => client.end() };
}

/** Resolves when the first attempt has succeeded or failed; a failed one goes on in the background. */
export async function createListener(options: ListenerOptions): Promise<Listener> {
  let closed = false;
  let current: Attempt | undefined;
  let retry: NodeJS.Timeout | undefined;

  const scheduleRetry = (waitMs: number): void => {
    if (closed) return;
    retry = setTimeout(() => void attempt(Math.min(waitMs * 2, MAX_BACKOFF_MS)), waitMs);
    retry.unref();
  };
  const onEnded = (): void => {
    current = undefined;
    options.onDown();
    if (!closed) log.warn({ channel: options.channel }, 'notifications lost, listening again');
    scheduleRetry(50);
  };
  const attempt = async (nextWaitMs: number): Promise<void> => {
    try {
      current = await connect(options);
    } catch (error) {
      log.warn({ channel: options.channel, err: (error as Error).message }, 'cannot listen for notifications');
      return scheduleRetry(nextWaitMs);
    }
    if (closed) return void (await current.end());
    options.onUp();
    void current.ended.then(onEnded);
  };

  await attempt(50);
  return {
    close: async () => {
      closed = true;
      clearTimeout(retry);
      await current?.end();
    },
  };
}
