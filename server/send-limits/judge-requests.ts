/**
 * Judging what is sent within a transaction of the caller's, in two steps: `lockUsage` locks all rows that it counts in, `judgeRequests`
 * decides (`plan-admissions.ts`) and writes. So what is counted is counted exactly if that transaction commits.
 */
import { randomBytes } from 'node:crypto';
import type { PoolClient } from 'pg';
import * as statements from './gate-statements.ts';
import { effectiveLimits, type OwnSendLimits, type SendLimits, type SendScope } from './measures.ts';
import {
  type AdmissionPlan,
  type AdmissionState,
  type Hold,
  type Place,
  planAdmissions,
  type ScopeId,
  type SenderId,
  type SendRequest,
  scopeKey,
  scopesOf,
} from './plan-admissions.ts';
import { parseUsage, type Usage } from './usage.ts';

export interface SendGateLimits {
  defaults: Readonly<Record<SendScope, SendLimits>>;
  maxHeldMessages: number;
  maxHeldBytes: number;
}

export interface LockedUsage {
  places: readonly Place[];
  scopes: readonly ScopeId[];
  /** By `scopeKey`. */
  usage: ReadonlyMap<string, Usage>;
  /** Scopes without a row: to be made outside the transaction (`MAKE_USAGE`), and all locked again. */
  missing: readonly ScopeId[];
}

interface StateRow {
  limits: (OwnSendLimits & { scope: SendScope; scopeId: number })[] | null;
  holds: (Hold & { accountId: number | null; forwardingDomainId: number | null })[] | null;
  known: string[] | null;
}

export const columns = (scopes: readonly ScopeId[]): [SendScope[], number[]] => [
  scopes.map(([scope]) => scope),
  scopes.map(([, id]) => id),
];

function senderOf(accountId: number | null, domainId: number | null): SenderId {
  return accountId === null ? ['domain', domainId ?? 0] : ['account', accountId];
}

/** The first thing a transaction locks. */
export async function lockUsage(client: PoolClient, places: readonly Place[]): Promise<LockedUsage> {
  const scopes = [...new Map(places.flatMap(scopesOf).map((scope) => [scopeKey(...scope), scope])).values()];
  const { rows } = await client.query<{ scope: SendScope; scopeId: number; countedAt: Date; buckets: unknown }>({
    ...statements.LOCK_USAGE,
    values: columns(scopes),
  });
  const usage = new Map(rows.map((row) => [scopeKey(row.scope, row.scopeId), parseUsage(row.countedAt, row.buckets)]));
  return { places, scopes, usage, missing: scopes.filter((scope) => !usage.has(scopeKey(...scope))) };
}

function limitsOf(row: StateRow, { scopes }: LockedUsage, { defaults }: SendGateLimits): Map<string, SendLimits> {
  const own = new Map((row.limits ?? []).map((limits) => [scopeKey(limits.scope, limits.scopeId), limits]));
  return new Map(
    scopes.map(([scope, id]) => {
      const given = own.get(scopeKey(scope, id));
      return [scopeKey(scope, id), given ? effectiveLimits(given, defaults[scope]) : defaults[scope]];
    }),
  );
}

function sendersOf({ holds }: StateRow, { places }: LockedUsage): AdmissionState['senders'] {
  const held = new Map(
    (holds ?? []).map(({ accountId, forwardingDomainId, ...hold }) => {
      return [scopeKey(...senderOf(accountId, forwardingDomainId)), hold];
    }),
  );
  return new Map(
    places.map((place) => {
      const key = scopeKey(...senderOf(place.accountId, place.domainId));
      return [key, { scopes: scopesOf(place), hold: held.get(key) ?? null }];
    }),
  );
}

/** Recipients of accounts, whose first times count. */
function remembered(requests: readonly SendRequest[]): (readonly [accountId: number, hash: string])[] {
  return requests.flatMap(({ sender: [scope, id], recipients }) =>
    scope === 'account' ? recipients.map((hash) => [id, hash] as const) : [],
  );
}

async function readState(
  client: PoolClient,
  locked: LockedUsage,
  requests: readonly SendRequest[],
  limits: SendGateLimits,
): Promise<AdmissionState> {
  const pairs = remembered(requests);
  const senders = locked.places.map(({ accountId, domainId }) => senderOf(accountId, domainId));
  const { rows } = await client.query<StateRow>({
    ...statements.READ_STATE,
    values: [
      ...columns(locked.scopes),
      senders.filter(([scope]) => scope === 'account').map(([, id]) => id),
      senders.filter(([scope]) => scope === 'domain').map(([, id]) => id),
      pairs.map(([accountId]) => accountId),
      pairs.map(([, hash]) => hash),
    ],
  });
  const row = rows[0] ?? { limits: null, holds: null, known: null };
  return {
    senders: sendersOf(row, locked),
    limits: limitsOf(row, locked, limits),
    usage: locked.usage,
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
  const holds = [...plan.holds.values()].map(({ sender: [scope, id], hold }) => {
    const sender = scope === 'account' ? { accountId: id } : { forwardingDomainId: id };
    const name = scope === 'account' ? String(id) : `domain-${id}`;
    return { ...sender, ref: `hold-${name}-${randomBytes(6).toString('hex')}`, ...hold };
  });
  const sent = remembered(requests.filter((_, index) => plan.admissions[index]?.kind === 'send'));
  const recipients = [...new Map(sent.map((pair) => [pair.join(':'), pair])).values()];
  await client.query({
    ...statements.WRITE,
    values: [
      JSON.stringify(usage),
      JSON.stringify(holds),
      recipients.map(([accountId]) => accountId),
      recipients.map(([, hash]) => hash),
      now,
    ],
  });
}

/** Under the locks of the senders' rows, none of which may be missing. */
export async function judgeRequests(
  client: PoolClient,
  locked: LockedUsage,
  requests: readonly SendRequest[],
  limits: SendGateLimits,
  now: Date,
): Promise<AdmissionPlan> {
  const plan = planAdmissions(await readState(client, locked, requests, limits), requests, now);
  await writePlan(client, plan, requests, now);
  return plan;
}
