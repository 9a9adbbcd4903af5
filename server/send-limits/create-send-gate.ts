/**
 * Says of every message an account sends whether it leaves now or is held (`plan-admissions.ts`), and counts it. Requests that come
 * while others are being judged are judged together: one short transaction for all of them, so that the rows of a domain or a
 * reseller, which everybody in it counts in, are locked once a batch. The locks make the counts exact for any number of nodes.
 *
 * A request rejects where the database cannot say: then nothing of it was counted, and the message is not to be taken.
 */
import { randomBytes } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../database/pool-transaction.ts';
import * as statements from './gate-statements.ts';
import { hashRecipient } from './hash-recipient.ts';
import { effectiveLimits, type OwnSendLimits, type SendLimits, type SendScope } from './measures.ts';
import {
  type Admission,
  type AdmissionPlan,
  type AdmissionState,
  type Hold,
  planAdmissions,
  type SendRequest,
  scopeKey,
  scopesOf,
} from './plan-admissions.ts';
import { parseUsage, type Usage } from './usage.ts';

interface Submission {
  accountId: number;
  /** As in RCPT; those that differ in spelling only count once. */
  recipients: readonly string[];
  sizeBytes: number;
}

export interface SendGate {
  admit(submission: Submission): Promise<Admission>;
}

export interface SendGateLimits {
  defaults: Readonly<Record<SendScope, SendLimits>>;
  maxHeldMessages: number;
  maxHeldBytes: number;
}

export interface SendGateOptions {
  pool: Pool;
  /** Asked for every batch. */
  limits: () => SendGateLimits;
  now: () => Date;
  /** An account has just been put on hold. */
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

interface SenderRow {
  accountId: number;
  domainId: number;
  resellerId: number | null;
}

interface StateRow {
  limits: (OwnSendLimits & { scope: SendScope; scopeId: number })[] | null;
  holds: (Hold & { accountId: number })[] | null;
  known: string[] | null;
}

type Scopes = readonly (readonly [SendScope, number])[];

const columns = (scopes: Scopes): [SendScope[], number[]] => [
  scopes.map(([scope]) => scope),
  scopes.map(([, id]) => id),
];

async function findSenders(client: PoolClient, requests: readonly SendRequest[]): Promise<SenderRow[]> {
  const ids = [...new Set(requests.map(({ accountId }) => accountId))];
  return (await client.query<SenderRow>({ ...statements.FIND_SENDERS, values: [ids] })).rows;
}

function distinctScopes(senders: readonly SenderRow[]): Scopes {
  const all = senders.flatMap((sender) => scopesOf(sender.accountId, sender));
  return [...new Map(all.map((entry) => [scopeKey(...entry), entry])).values()];
}

async function lockUsage(client: PoolClient, scopes: Scopes): Promise<Map<string, Usage>> {
  const { rows } = await client.query<{ scope: SendScope; scopeId: number; countedAt: Date; buckets: unknown }>({
    ...statements.LOCK_USAGE,
    values: columns(scopes),
  });
  return new Map(rows.map((row) => [scopeKey(row.scope, row.scopeId), parseUsage(row.countedAt, row.buckets)]));
}

function limitsOf(row: StateRow, scopes: Scopes, { defaults }: SendGateLimits): Map<string, SendLimits> {
  const own = new Map((row.limits ?? []).map((limits) => [scopeKey(limits.scope, limits.scopeId), limits]));
  return new Map(
    scopes.map(([scope, id]) => {
      const given = own.get(scopeKey(scope, id));
      return [scopeKey(scope, id), given ? effectiveLimits(given, defaults[scope]) : defaults[scope]];
    }),
  );
}

async function readState(
  client: PoolClient,
  senders: readonly SenderRow[],
  requests: readonly SendRequest[],
  limits: SendGateLimits,
): Promise<AdmissionState> {
  const scopes = distinctScopes(senders);
  const usage = await lockUsage(client, scopes);
  const pairs = requests.flatMap(({ accountId, recipients }) => recipients.map((hash) => [accountId, hash] as const));
  const { rows } = await client.query<StateRow>({
    ...statements.READ_STATE,
    values: [
      ...columns(scopes),
      senders.map(({ accountId }) => accountId),
      pairs.map(([accountId]) => accountId),
      pairs.map(([, hash]) => hash),
    ],
  });
  const row = rows[0] ?? { limits: null, holds: null, known: null };
  const holds = new Map((row.holds ?? []).map(({ accountId, ...hold }) => [accountId, hold]));
  return {
    senders: new Map(
      senders.map((sender) => [sender.accountId, { ...sender, hold: holds.get(sender.accountId) ?? null }]),
    ),
    limits: limitsOf(row, scopes, limits),
    usage,
    known: new Set(row.known ?? []),
    maxHeldMessages: limits.maxHeldMessages,
    maxHeldBytes: limits.maxHeldBytes,
  };
}

async function writePlan(client: PoolClient, plan: AdmissionPlan, requests: readonly SendRequest[], now: Date) {
  const usage = [...plan.usage].map(([key, { countedAt, buckets }]) => {
    const [scope, id] = key.split(':');
    return { scope, scopeId: Number(id), countedAt: countedAt.toISOString(), buckets };
  });
  const holds = [...plan.holds].map(([accountId, { hold }]) => {
    return { accountId, ref: `hold-${accountId}-${randomBytes(6).toString('hex')}`, ...hold };
  });
  const sent = requests.filter((_, index) => plan.admissions[index]?.kind === 'send');
  const written = new Map(
    sent.flatMap(({ accountId, recipients }) =>
      recipients.map((hash) => [`${accountId}:${hash}`, { accountId, hash }]),
    ),
  );
  const recipients = [...written.values()];
  await client.query({
    ...statements.WRITE,
    values: [
      JSON.stringify(usage),
      JSON.stringify(holds),
      recipients.map(({ accountId }) => accountId),
      recipients.map(({ hash }) => hash),
      now,
    ],
  });
}

/** Null where rows of usage are missing: they are to be made first. */
async function judge(client: PoolClient, requests: readonly SendRequest[], limits: SendGateLimits, now: Date) {
  await client.query('SET LOCAL synchronous_commit = off');
  const senders = await findSenders(client, requests);
  const state = await readState(client, senders, requests, limits);
  const missing = distinctScopes(senders).filter(([scope, id]) => !state.usage.has(scopeKey(scope, id)));
  if (missing.length > 0) return { missing };
  const plan = planAdmissions(state, requests, now);
  await writePlan(client, plan, requests, now);
  return { plan };
}

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
    this.#waiting.push({ request: { accountId, recipients: hashes, sizeBytes }, resolve, reject });
    if (!this.#busy) void this.#run();
    return promise;
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
      if ([...plan.holds.values()].some(({ began }) => began)) this.#options.onHold?.();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  async #plan(requests: readonly SendRequest[]): Promise<AdmissionPlan> {
    const { pool, limits, now } = this.#options;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const at = now();
      const result = await inTransaction(pool, (client) => judge(client, requests, limits(), at));
      if (result.plan) return result.plan;
      await pool.query({ ...statements.MAKE_USAGE, values: [...columns(result.missing), at] });
    }
    throw new Error('the usage of senders could not be locked');
  }
}

export function createSendGate(options: SendGateOptions): SendGate {
  return new BatchedGate(options);
}
