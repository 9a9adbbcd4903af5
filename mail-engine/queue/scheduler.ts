/**
 * Decides what is delivered now: takes leases as far as the limits in all and per destination allow, runs the jobs, and has owed
 * notices sent. A pass never waits for a delivery; each end of one asks for the next pass.
 */
import type { Pool } from 'pg';
import type { Logger } from '#server/logger.ts';
import type { Clock } from './clock.ts';
import { type JobOptions, runJob } from './delivery-job.ts';
import { DestinationGate } from './destination-gate.ts';
import { findDueDestinations, findNextDue } from './due-destinations.ts';
import { leaseEntries } from './lease-entries.ts';
import { LEASE_SECONDS, Leases } from './leases.ts';
import type { NoticeSender } from './notice-sender.ts';
import { MAX_CONCURRENCY, MAX_PER_DESTINATION, RETRY_SECONDS } from './settings.ts';
import type { LeasedMessage } from './types.ts';

export interface SchedulerOptions {
  pool: Pool;
  clock: Clock;
  log: Logger;
  notices: NoticeSender;
  deliver: JobOptions['deliver'];
  delayNoticeAfterMs: () => number | null;
  /** Something ended: worth a pass. */
  onProgress: () => void;
  /** No new leases or notices. */
  signal: AbortSignal;
  /** No more time. */
  cutSignal: AbortSignal;
}

/** Recipients of one lease, over all its messages. */
const MAX_LEASED_ENTRIES = 500;

export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #gate: DestinationGate;
  readonly #leases: Leases;
  readonly #jobs = new Set<Promise<void>>();
  #notices: Promise<void> | null = null;
  #noticesAsked = false;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#gate = new DestinationGate(options.clock);
    this.#leases = new Leases(options);
  }

  get active(): number {
    return this.#jobs.size;
  }

  /** Starts what can start. Returns when to look again at the latest, undefined where only an event can bring something. */
  async pass(): Promise<Date | undefined> {
    const ended = await this.#leases.endExpired();
    if (ended > 0) this.#options.log.warn({ entries: ended }, 'leases of a runner that is gone have ended');
    this.#sendNotices();
    while (this.#free() > 0 && (await this.#leaseRound()));
    return this.#nextLook();
  }

  /** Forgets which destinations were unreachable. */
  reopen(): void {
    this.#gate.open();
  }

  /** Resolves when nothing started by passes so far is under way. */
  async idle(): Promise<void> {
    while (this.#jobs.size > 0 || this.#notices !== null) await Promise.all([...this.#jobs, this.#notices]);
  }

  /** False where nothing could be leased. */
  async #leaseRound(): Promise<boolean> {
    const { pool, clock, signal } = this.#options;
    const closed = this.#gate.closed(MAX_PER_DESTINATION);
    const destinations = await findDueDestinations(pool, clock.now(), closed, this.#free());
    let leased = 0;
    for (const destination of destinations) {
      const slots = Math.min(this.#gate.freeSlots(destination, MAX_PER_DESTINATION), this.#free());
      if (slots === 0 || signal.aborted) break;
      const messages = await this.#lease(destination, slots);
      leased += messages.length;
      for (const message of messages) this.#start(message);
    }
    return leased > 0 && !signal.aborted;
  }

  #lease(destination: string, maxMessages: number): Promise<LeasedMessage[]> {
    return leaseEntries(this.#options.pool, {
      destination,
      now: this.#options.clock.now(),
      maxMessages,
      maxEntries: MAX_LEASED_ENTRIES,
      owner: this.#leases.owner,
      leaseSeconds: LEASE_SECONDS,
      retrySeconds: RETRY_SECONDS,
    });
  }

  #start(leased: LeasedMessage): void {
    const message = this.#leases.take(leased);
    if (!message) return;
    this.#gate.begin(message.destination);
    const job = this.#run(message).finally(() => {
      this.#leases.drop(message);
      this.#jobs.delete(job);
      this.#options.onProgress();
    });
    this.#jobs.add(job);
  }

  async #run(message: LeasedMessage): Promise<void> {
    const { pool, clock, log, deliver, delayNoticeAfterMs, cutSignal: signal } = this.#options;
    const { owner } = this.#leases;
    const options: JobOptions = { pool, clock, owner, log, deliver, delayNoticeAfterMs, signal };
    const reached = await runJob(options, message);
    this.#gate.end(message.destination, reached, MAX_PER_DESTINATION);
    this.#sendNotices();
  }

  /** One run at a time; asked for during a run, another follows. */
  #sendNotices(): void {
    this.#noticesAsked = true;
    this.#notices ??= this.#runNotices().finally(() => {
      this.#notices = null;
    });
  }

  async #runNotices(): Promise<void> {
    const { notices, signal, log, onProgress } = this.#options;
    while (this.#noticesAsked && !signal.aborted) {
      this.#noticesAsked = false;
      try {
        if (await notices.sendOwed(signal)) onProgress();
      } catch (error) {
        log.error({ err: error }, 'owed notices could not be looked for');
      }
    }
  }

  #free(): number {
    return MAX_CONCURRENCY - this.#jobs.size;
  }

  async #nextLook(): Promise<Date | undefined> {
    // With every slot taken, the end of a delivery is the next event.
    if (this.#free() <= 0) return undefined;
    const { pool, clock } = this.#options;
    const closed = this.#gate.closed(MAX_PER_DESTINATION);
    const due = await findNextDue(pool, clock.now(), closed, this.#leases.owner);
    const opening = this.#gate.nextOpening();
    if (opening === undefined) return due ?? undefined;
    return due !== null && due.getTime() < opening ? due : new Date(opening);
  }
}
