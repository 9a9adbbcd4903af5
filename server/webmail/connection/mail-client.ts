/**
 * A web session's way to its mail: a few IMAP connections, lent to one task at a time. Tasks wait in line when all are busy; too
 * long a line is refused. A connection that was lost is replaced by a new one with a new token; one nobody used for a while
 * is closed. After `close` everything is refused.
 */
import type { ImapFlow, MailboxObject } from 'imapflow';
import { OperationError } from '../../actor/errors.ts';
import { toMailError } from './mail-error.ts';

export interface MailClientOptions {
  connect: (idles: boolean) => Promise<ImapFlow>;
  /** Called when the last connection was closed for lack of use. */
  onIdle?: () => void;
  maxConnections?: number;
  maxWaiting?: number;
  idleMs?: number;
  leaseMs?: number;
}

interface Loan {
  client: ImapFlow;
  release: () => void;
}

export interface Lease extends Loan {
  /** The deadline begins anew. */
  renew: () => void;
}

export class MailClient {
  readonly #options: Required<MailClientOptions>;
  readonly #free: ImapFlow[] = [];
  readonly #waiting: { resolve: (turn: undefined) => void; reject: (error: Error) => void }[] = [];
  readonly #timers = new Map<ImapFlow, NodeJS.Timeout>();
  readonly #open = new Set<ImapFlow>();
  /** Leases out, connections being made among them. */
  #lent = 0;
  #closed = false;
  /** What operations remember of this session's folders; dies with it. */
  readonly memory = new Map<string, unknown>();

  constructor(options: MailClientOptions) {
    this.#options = {
      maxConnections: 3,
      maxWaiting: 64,
      idleMs: 120_000,
      leaseMs: 300_000,
      onIdle: () => undefined,
      ...options,
    };
  }

  get connections(): number {
    return this.#open.size;
  }

  /** Runs `task` with a connection that is its own until it settles. Errors come out as `OperationError` where they can be explained. */
  async run<T>(task: (client: ImapFlow) => Promise<T>, preferredFolder?: string): Promise<T> {
    const lease = await this.#lend(preferredFolder);
    try {
      return await task(lease.client);
    } catch (error) {
      throw toMailError(error);
    } finally {
      lease.release();
    }
  }

  /** As `run`, with `folder` selected. */
  inFolder<T>(folder: string, task: (client: ImapFlow, mailbox: MailboxObject) => Promise<T>): Promise<T> {
    return this.run(async (client) => task(client, await selectFolder(client, folder)), folder);
  }

  /**
   * A connection until `release` is called, for streams. One that is neither renewed nor released for `leaseMs` is closed and
   * given back: a session has so few that each one forgotten is felt.
   */
  async lease(preferredFolder?: string): Promise<Lease> {
    const { client, release } = await this.#lend(preferredFolder);
    const deadline = setTimeout(() => {
      client.close();
      release();
    }, this.#options.leaseMs);
    deadline.unref();
    return {
      client,
      renew: () => deadline.refresh(),
      release: () => {
        clearTimeout(deadline);
        release();
      },
    };
  }

  async #lend(preferredFolder: string | undefined): Promise<Loan> {
    await this.#takeTurn();
    try {
      const client = this.#takeFree(preferredFolder) ?? (await this.#connect(false));
      let released = false;
      const release = (): void => {
        if (released) return;
        released = true;
        this.#giveBack(client);
      };
      return { client, release };
    } catch (error) {
      this.#endTurn();
      throw toMailError(error);
    }
  }

  /** A connection of its own that idles, beside the pool; the caller closes it. */
  async openWatcher(): Promise<ImapFlow> {
    if (this.#closed) throw signedOut();
    try {
      return await this.#connect(true);
    } catch (error) {
      throw toMailError(error);
    }
  }

  close(): void {
    this.#closed = true;
    for (const waiter of this.#waiting.splice(0)) waiter.reject(signedOut());
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.memory.clear();
    for (const client of this.#open) client.close();
  }

  async #takeTurn(): Promise<void> {
    if (this.#closed) throw signedOut();
    if (this.#lent < this.#options.maxConnections) {
      this.#lent += 1;
      return;
    }
    if (this.#waiting.length >= this.#options.maxWaiting) {
      throw new OperationError('too-many-attempts', 'Too much at once. Wait a moment and try again.');
    }
    await new Promise<undefined>((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #endTurn(): void {
    const next = this.#waiting.shift();
    if (next) next.resolve(undefined);
    else this.#lent -= 1;
  }

  #takeFree(preferredFolder: string | undefined): ImapFlow | undefined {
    const usable = this.#free.filter((client) => client.usable);
    const chosen =
      usable.find((client) => client.mailbox !== false && client.mailbox.path === preferredFolder) ?? usable.at(-1);
    if (!chosen) return undefined;
    this.#free.splice(this.#free.indexOf(chosen), 1);
    clearTimeout(this.#timers.get(chosen));
    this.#timers.delete(chosen);
    return chosen;
  }

  async #connect(idles: boolean): Promise<ImapFlow> {
    const client = this.#track(await this.#options.connect(idles));
    if (this.#closed) {
      client.close();
      throw signedOut();
    }
    return client;
  }

  #track(client: ImapFlow): ImapFlow {
    this.#open.add(client);
    client.once('close', () => this.#forget(client));
    return client;
  }

  #giveBack(client: ImapFlow): void {
    if (client.usable && !this.#closed) {
      this.#free.push(client);
      const timer = setTimeout(() => client.close(), this.#options.idleMs);
      timer.unref();
      this.#timers.set(client, timer);
    } else client.close();
    this.#endTurn();
  }

  #forget(client: ImapFlow): void {
    clearTimeout(this.#timers.get(client));
    this.#timers.delete(client);
    this.#open.delete(client);
    const at = this.#free.indexOf(client);
    if (at !== -1) this.#free.splice(at, 1);
    if (this.#open.size === 0 && this.#lent === 0) this.#options.onIdle();
  }
}

function signedOut(): OperationError {
  return new OperationError('unauthenticated', 'Your session has ended. Sign in again.');
}

/** Selects `folder` unless it is selected already. */
export async function selectFolder(client: ImapFlow, folder: string): Promise<MailboxObject> {
  if (client.mailbox !== false && client.mailbox.path === folder) return client.mailbox;
  return openFolder(client, folder, {});
}

/** SELECT, or EXAMINE where `readOnly`. Refuses a folder that does not exist with `not-found`. */
export async function openFolder(
  client: ImapFlow,
  folder: string,
  options: { readOnly?: boolean },
): Promise<MailboxObject> {
  try {
    return await client.mailboxOpen(folder, options);
  } catch (error) {
    // SELECT of a missing folder is a plain NO with most servers (RFC 9051 §6.3.2).
    if (error instanceof Error && 'mailboxMissing' in error)
      throw new OperationError('not-found', 'There is no such folder.');
    throw error;
  }
}
