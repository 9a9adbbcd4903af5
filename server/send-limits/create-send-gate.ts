/**
 * Says of every message an account sends whether it leaves now or is held (`plan-admissions.ts`), and counts it. Requests that come
 * while others are being judged are judged together: one short transaction for all of them, so that the rows of a domain or a
 * reseller, which everybody in it counts in, are locked once a batch. The locks make the counts exact for any number of nodes.
 *
 * A request rejects where the database cannot say: then nothing of it was counted, and the message is not to be taken.
 *
 * What a domain's addresses forward is judged one by one, each in the transaction that forwards it.
 */
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../database/pool-transaction.ts';
import * as statements from './gate-statements.ts';
import { hashRecipient } from './hash-recipient.ts';
import { columns, judgeRequests, type LockedUsage, lockUsage, type SendGateLimits } from './judge-requests.ts';
import type { Admission, AdmissionPlan, Place, SendRequest } from './plan-admissions.ts';

export type { SendGateLimits } from './judge-requests.ts';

interface Submission {
  accountId: number;
  /** As in RCPT; those that differ in spelling only count once. */
  recipients: readonly string[];
  sizeBytes: number;
}

/** The copies of one message that leave for other servers. */
interface ForwardedCopies {
  recipients: readonly string[];
  sizeBytes: number;
}

export interface ForwardTransaction {
  client: PoolClient;
  /** Null where the domain is gone, and for this host. */
  domainId: number | null;
  /** Counts the copies, or says that they are to be held; to be asked once. It holds if the transaction commits. */
  admit(copies: ForwardedCopies): Promise<Admission>;
}

export interface SendGate {
  admit(submission: Submission): Promise<Admission>;
  /**
   * Runs `work` in a transaction of its own that has locked what the forwards of `domain` (a name in A-labels) count in. `work` may be
   * begun again, and must do nothing but by its client. Null is this host itself, for its postmaster: no limit is over that.
   */
  forward<Result>(domain: string | null, work: (transaction: ForwardTransaction) => Promise<Result>): Promise<Result>;
}

export interface SendGateOptions {
  pool: Pool;
  /** Asked for every batch. */
  limits: () => SendGateLimits;
  now: () => Date;
  /** An account or a domain has just been put on hold. */
  onHold?: () => void;
}

const MAX_BATCH = 100;
/** Rows of usage may be pruned between being made and being locked; not again and again. */
const MAX_TRIES = 3;

interface Waiting {
  request: SendRequest;
  resolve: (admission: Admission) => void;
  reject: (error: unknown) => void;
}

const beganHold = ({ holds }: AdmissionPlan): boolean => [...holds.values()].some(({ began }) => began);

class BatchedGate implements SendGate {
  readonly #options: SendGateOptions;
  readonly #waiting: Waiting[] = [];
  #busy = false;

  constructor(options: SendGateOptions) {
    this.#options = options;
  }

  admit({ accountId, recipients, sizeBytes }: Submission): Promise<Admission> {
    const hashes = [...new Set(recipients.map((address) => hashRecipient(accountId, address)))];
    const { promise, resolve, reject } = Promise.withResolvers<Admission>();
    this.#waiting.push({
      request: { sender: ['account', accountId], recipients: hashes, sizeBytes },
      resolve,
      reject,
    });
    if (!this.#busy) void this.#run();
    return promise;
  }

  async forward<Result>(
    domain: string | null,
    work: (transaction: ForwardTransaction) => Promise<Result>,
  ): Promise<Result> {
    const { limits, now, onHold } = this.#options;
    const find = (client: PoolClient) => client.query<Place>({ ...statements.FIND_DOMAIN, values: [domain] });
    let began = false;
    const result = await this.#locked(find, (client, locked) => {
      const domainId = locked.places[0]?.domainId ?? null;
      const admit = async ({ recipients, sizeBytes }: ForwardedCopies): Promise<Admission> => {
        if (domainId === null) return { kind: domain === null ? 'send' : 'refuse' };
        const request: SendRequest = { sender: ['domain', domainId], recipients, sizeBytes };
        const plan = await judgeRequests(client, locked, [request], limits(), now());
        began = beganHold(plan);
        return plan.admissions[0] ?? { kind: 'refuse' };
      };
      return work({ client, domainId, admit });
    });
    if (began) onHold?.();
    return result;
  }

  async #run(): Promise<void> {
    this.#busy = true;
    for (;;) {
      const batch = this.#waiting.splice(0, MAX_BATCH);
      if (batch.length === 0) break;
      await this.#decide(batch);
    }
    this.#busy = false;
  }

  async #decide(batch: readonly Waiting[]): Promise<void> {
    try {
      const plan = await this.#plan(batch.map(({ request }) => request));
      for (const [index, { resolve }] of batch.entries()) resolve(plan.admissions[index] ?? { kind: 'refuse' });
      if (beganHold(plan)) this.#options.onHold?.();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  #plan(requests: readonly SendRequest[]): Promise<AdmissionPlan> {
    const { limits, now } = this.#options;
    const ids = [...new Set(requests.map(({ sender: [, id] }) => id))];
    const find = (client: PoolClient) => client.query<Place>({ ...statements.FIND_SENDERS, values: [ids] });
    return this.#locked(find, (client, locked) => judgeRequests(client, locked, requests, limits(), now()));
  }

  /** Once all rows of the places found are locked. */
  async #locked<Result>(
    find: (client: PoolClient) => Promise<{ rows: Place[] }>,
    work: (client: PoolClient, locked: LockedUsage) => Promise<Result>,
  ): Promise<Result> {
    const { pool, now } = this.#options;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const tried = await inTransaction(pool, async (client) => {
        await client.query('SET LOCAL synchronous_commit = off');
        const locked = await lockUsage(client, (await find(client)).rows);
        if (locked.missing.length > 0) return { missing: locked.missing };
        return { result: await work(client, locked) };
      });
      if ('result' in tried) return tried.result;
      await pool.query({ ...statements.MAKE_USAGE, values: [...columns(tried.missing), now()] });
    }
    throw new Error('the usage of senders could not be locked');
  }
}

export function createSendGate(options: SendGateOptions): SendGate {
  return new BatchedGate(options);
}
