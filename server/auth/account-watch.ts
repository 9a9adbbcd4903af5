/**
 * Mail sessions end when their right to exist does: account or domain suspended or deleted, another password than the one they
 * signed in by, web session or app password behind them revoked or over. Open sessions are held against the database whenever
 * NOTIFY `mailstead_directory` tells of such a change, after the listening connection was away, and every minute for what passes
 * by time alone; a new one also as it is entered, for its right may have ended between sign-in and entry. One statement for all
 * of them, at most one under way; one that fails is tried again. What is remembered of a session goes with it.
 */
import { performance } from 'node:perf_hooks';
import type { Pool } from 'pg';
import { DIRECTORY_CHANNEL } from '../database/channels.ts';
import { createListener } from '../database/listener.ts';
import type { AuthenticatedAccount } from '../directory/types.ts';
import { logger } from '../logger.ts';
import { findLostRights } from './find-lost-rights.ts';

const log = logger('auth');
/** Changes that come together are answered together. */
const GATHER_MS = 100;
const RETRY_MS = 1_000;
/** A check of ten thousand sessions keeps the database busy for 0.1 s: while changes pour in, one rests four times as long as it took. */
const REST_FACTOR = 4;
const MAX_REST_MS = 2_000;
const SWEEP_MS = 60_000;
/** The tables a right depends on. */
const TABLES = new Set(['account', 'domain', 'web_session', 'app_password']);

export interface WatchedSession {
  /** Aborts when the session has lost its right. */
  signal: AbortSignal;
  /** To be called when the session ends. */
  release: () => void;
}

export interface AccountWatch {
  /** Enters a session that has just signed in. */
  enter(account: AuthenticatedAccount): WatchedSession;
  /** How many sessions are entered. */
  readonly size: number;
  close(): Promise<void>;
}

export interface AccountWatchOptions {
  pool: Pool;
  /** For LISTEN: a direct connection to the database. */
  listenUrl: string;
  now: () => Date;
  sweepMs?: number;
}

interface Entry {
  account: AuthenticatedAccount;
  controller: AbortController;
}

/** Runs the checks that are due, one after another. */
class Checks {
  readonly entries = new Set<Entry>();
  /** Entered since the last check. */
  readonly #fresh = new Set<Entry>();
  readonly #pool: Pool;
  readonly #now: () => Date;
  #allDue = false;
  #restUntil = 0;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #closed = false;

  constructor({ pool, now }: AccountWatchOptions) {
    this.#pool = pool;
    this.#now = now;
  }

  add(entry: Entry): void {
    this.entries.add(entry);
    this.#fresh.add(entry);
    this.#schedule(GATHER_MS);
  }

  remove(entry: Entry): void {
    this.entries.delete(entry);
    this.#fresh.delete(entry);
  }

  checkAll(): void {
    if (this.entries.size === 0) return;
    this.#allDue = true;
    this.#schedule(GATHER_MS);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  #schedule(waitMs: number): void {
    if (this.#closed || this.#timer || this.#running) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        this.#running = this.#run();
      },
      Math.max(waitMs, this.#restUntil - performance.now()),
    );
    this.#timer.unref();
  }

  async #run(): Promise<void> {
    const began = performance.now();
    const failed = await this.#check().then(
      () => false,
      (error: unknown) => {
        log.warn({ err: error, sessions: this.entries.size }, 'open sessions could not be checked, trying again');
        this.#allDue = true;
        return true;
      },
    );
    const ended = performance.now();
    this.#restUntil = ended + Math.min((ended - began) * REST_FACTOR, MAX_REST_MS);
    this.#running = undefined;
    if (this.entries.size > 0 && (this.#allDue || this.#fresh.size > 0)) this.#schedule(failed ? RETRY_MS : GATHER_MS);
  }

  async #check(): Promise<void> {
    const checked = [...(this.#allDue ? this.entries : this.#fresh)];
    this.#allDue = false;
    this.#fresh.clear();
    const accounts = checked.map((entry) => entry.account);
    for (const index of await findLostRights(this.#pool, accounts, this.#now())) {
      const entry = checked[index];
      if (!entry || !this.entries.has(entry)) continue;
      this.remove(entry);
      entry.controller.abort();
    }
  }
}

export async function createAccountWatch(options: AccountWatchOptions): Promise<AccountWatch> {
  const checks = new Checks(options);
  const listener = await createListener({
    url: options.listenUrl,
    channel: DIRECTORY_CHANNEL,
    onNotify: (table) => {
      if (TABLES.has(table)) checks.checkAll();
    },
    onUp: () => checks.checkAll(),
    onDown: () => undefined, // what happened meanwhile is found by the check when it is up again
  });
  const sweep = setInterval(() => checks.checkAll(), options.sweepMs ?? SWEEP_MS);
  sweep.unref();
  return {
    enter: (account) => {
      const entry = { account, controller: new AbortController() };
      checks.add(entry);
      return { signal: entry.controller.signal, release: () => checks.remove(entry) };
    },
    get size() {
      return checks.entries.size;
    },
    close: async () => {
      clearInterval(sweep);
      await listener.close();
      await checks.close();
    },
  };
}
