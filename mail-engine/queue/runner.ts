/**
 * The queue of one engine: delivers what is due, until it is closed. Woken by NOTIFY `mailstead_queue`, by the end of a delivery and
 * by the next due time; where all of that fails, it looks every half minute. Any number of runners share one database.
 */
import { networkInterfaces } from 'node:os';
import type { Pool } from 'pg';
import { ConnectionPool } from '#engine/delivery/remote/connection-pool.ts';
import type { StopSignals } from '#engine/delivery/remote/cut-on-stop.ts';
import { createDial, type Dial } from '#engine/delivery/remote/dial.ts';
import { RemoteDelivery } from '#engine/delivery/remote/remote-delivery.ts';
import { PHASE_TIMEOUTS } from '#engine/delivery/remote/timeouts.ts';
import type { DnsResolver } from '#engine/dns/types.ts';
import type { Intake } from '#engine/intake/types.ts';
import { createListener, type Listener } from '#server/database/listener.ts';
import type { Directory } from '#server/directory/types.ts';
import { type Logger, logger } from '#server/logger.ts';
import type { SendGate } from '#server/send-limits/create-send-gate.ts';
import type { Settings } from '#server/settings/create-settings.ts';
import { type Clock, systemClock } from './clock.ts';
import { deliverMessage } from './deliver.ts';
import { injectOnce, wasStored } from './inject-once.ts';
import { NoticeSender } from './notice-sender.ts';
import { Scheduler } from './scheduler.ts';
import { serialise } from './serialise.ts';
import { readQueueSettings, TLS_POLICY } from './settings.ts';

export interface QueueRunnerOptions {
  /** At least 8 connections. */
  pool: Pool;
  /** A direct connection to the database, for LISTEN. */
  listenUrl: string;
  intake: Intake;
  directory: Directory;
  resolver: DnsResolver;
  settings: Pick<Settings, 'get'>;
  /** What is forwarded to other servers is held against the send limits. */
  sendGate: SendGate;
  /** Our name in EHLO and in DSNs; an MX of this name is ourselves. */
  hostname: string;
  /** Port dialled at a destination's MX. */
  remotePort: number;
  /** Port our own SMTP service listens on: where it is the one dialled, this machine's addresses are ourselves as well. */
  ownSmtpPort?: number | undefined;
  clock?: Clock;
  dial?: Dial;
  random?: () => number;
}

interface QueueRunnerStats {
  /** Messages being delivered now, and connections kept for the next one. */
  active: number;
  idleConnections: number;
}

export interface QueueRunner {
  /** Resolves when it listens. */
  start(): Promise<void>;
  /** Does everything that is due now to its end; for a single pass without `start`. */
  runDue(): Promise<void>;
  /**
   * Takes nothing new and cuts what has not reached the end of its message, which is deferred; what awaits the server's reply, and may have
   * been taken, gets so long for it. Only the first call counts.
   */
  stop(graceMs: number): void;
  /** Stops, and resolves when nothing is under way. */
  close(graceMs: number): Promise<void>;
  stats(): QueueRunnerStats;
}

export const QUEUE_CHANNEL = 'mailstead_queue';
/** Payload of a notification that asks for a try now, unreachable destinations included. */
const RETRY_NOW = 'retry';

const POLL_MS = 30_000;
/** A database that is away is asked again after this. */
const FAULT_WAIT_MS = 5_000;
const MIN_WAIT_MS = 5;
const POOL_LIMITS = { idleMs: 10_000, maxMessages: 100, maxIdle: 100 };

function listOwnAddresses(): Set<string> {
  return new Set(
    Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address)),
  );
}

function createRemote(
  options: QueueRunnerOptions,
  clock: Clock,
  pool: ConnectionPool,
  log: Logger,
  stop: StopSignals,
): RemoteDelivery {
  const { resolver, hostname, remotePort, ownSmtpPort, settings } = options;
  const own = ownSmtpPort === remotePort ? listOwnAddresses() : new Set<string>();
  return new RemoteDelivery({
    route: () => ({
      resolver,
      ownHostname: hostname,
      isOwnAddress: (address) => own.has(address),
      allowPrivateDestinations: readQueueSettings(settings).allowPrivateDestinations,
      random: options.random ?? Math.random,
    }),
    dial: options.dial ?? createDial(clock),
    pool,
    clock,
    log,
    hostname,
    port: remotePort,
    tls: () => TLS_POLICY,
    timeouts: PHASE_TIMEOUTS,
    stop,
  });
}

class Runner implements QueueRunner {
  readonly #options: QueueRunnerOptions;
  readonly #clock: Clock;
  readonly #log = logger('queue');
  readonly #connections: ConnectionPool;
  readonly #scheduler: Scheduler;
  /** What `stop` says; and then: no more time. */
  readonly #closing = new AbortController();
  readonly #cutting = new AbortController();
  #listener: Listener | null = null;
  #loop: Promise<void> | null = null;
  #woken = false;
  #wakeUp: (() => void) | null = null;
  #cancelCut: () => void = () => undefined;

  constructor(options: QueueRunnerOptions) {
    const { pool, intake, directory, hostname, settings, sendGate } = options;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#connections = new ConnectionPool(this.#clock, POOL_LIMITS);
    const stop = { stopping: this.#closing.signal, cutting: this.#cutting.signal };
    const remote = createRemote(options, this.#clock, this.#connections, this.#log, stop);
    // Each injection holds a connection of the pool while intake uses others: one at a time, or they wait for each other.
    const oneAtATime = serialise();
    const inject = (ref: string, run: () => Promise<void>) => oneAtATime(() => injectOnce(pool, ref, run));
    const stored = (ref: string, accountId: number) => wasStored(pool, ref, accountId);
    const local = { directory, intake, injectOnce: inject, wasStored: stored };
    const now = () => this.#clock.now();
    const responder = { pool, intake, injectOnce: inject, hostname, now, log: this.#log };
    this.#scheduler = new Scheduler({
      pool,
      clock: this.#clock,
      log: this.#log,
      notices: new NoticeSender({
        pool,
        intake,
        directory,
        hostname,
        injectOnce: inject,
        clock: this.#clock,
        log: this.#log,
      }),
      deliver: (message) => deliverMessage({ pool, local, remote, responder, sendGate }, message),
      delayNoticeAfterMs: () => readQueueSettings(settings).delayNoticeAfterMs,
      onProgress: () => this.#wake(),
      signal: this.#closing.signal,
      cutSignal: this.#cutting.signal,
    });
  }

  async start(): Promise<void> {
    this.#listener = await createListener({
      url: this.#options.listenUrl,
      channel: QUEUE_CHANNEL,
      onNotify: (payload) => {
        if (payload === RETRY_NOW) this.#scheduler.reopen();
        this.#wake();
      },
      onUp: () => this.#wake(),
      onDown: () => undefined,
    });
    this.#loop = this.#run();
  }

  async runDue(): Promise<void> {
    do {
      this.#woken = false;
      await this.#scheduler.pass();
      await this.#scheduler.idle();
    } while (this.#woken);
  }

  stop(graceMs: number): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    this.#cancelCut = this.#clock.setTimer(graceMs, () => this.#cutting.abort());
    this.#wake();
  }

  async close(graceMs: number): Promise<void> {
    this.stop(graceMs);
    await this.#listener?.close();
    await this.#loop;
    await this.#scheduler.idle();
    this.#cancelCut();
    this.#connections.close();
  }

  stats(): QueueRunnerStats {
    return { active: this.#scheduler.active, idleConnections: this.#connections.idleCount };
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      this.#woken = false;
      await this.#sleep(await this.#pass());
    }
  }

  /** How long to sleep after it. */
  async #pass(): Promise<number> {
    try {
      const next = await this.#scheduler.pass();
      const untilNext = next === undefined ? POLL_MS : next.getTime() - this.#clock.now().getTime();
      return Math.min(POLL_MS, Math.max(MIN_WAIT_MS, untilNext));
    } catch (error) {
      this.#log.error({ err: error }, 'the queue cannot be read');
      return FAULT_WAIT_MS;
    }
  }

  #sleep(ms: number): Promise<void> {
    if (this.#woken || this.#closing.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#clock.setTimer(ms, () => this.#wakeUp?.());
      this.#wakeUp = () => {
        cancel();
        this.#wakeUp = null;
        resolve();
      };
    });
  }

  #wake(): void {
    this.#woken = true;
    this.#wakeUp?.();
  }
}

export function createQueueRunner(options: QueueRunnerOptions): QueueRunner {
  return new Runner(options);
}
