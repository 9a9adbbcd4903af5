/**
 * Who may set whose limits, and how high. An admin sets all of them; a reseller those of its domains and their mailboxes, up to its
 * own; a domain owner those of its mailboxes, up to its domain's. The check at sending takes all three anyway: this is so that
 * nobody sets what would not hold.
 */
import type { Actor } from '../actor/actor.ts';
import { notFound, OperationError } from '../actor/errors.ts';
import { accountScope, domainScope } from '../actor/scopes.ts';
import type { Database } from '../database/prisma.ts';
import type { Context } from '../operation.ts';
import { readSettings } from '../settings/resolve-settings.ts';
import {
  defaultLimits,
  effectiveLimits,
  MEASURE_WORDS,
  MEASURES,
  NO_OWN_LIMITS,
  type OwnSendLimits,
  SCOPES,
  type SendLimits,
  type SendScope,
} from './measures.ts';

/** What is limited, with those above it. */
export interface ScopeChain {
  /** The scope itself first. */
  scopes: readonly { scope: SendScope; id: bigint }[];
  /** For people: the address, the domain's name, the reseller's email. */
  name: string;
}

function chainOf(account: bigint | null, domain: bigint | null, reseller: bigint | null): ScopeChain['scopes'] {
  const ids = { account, domain, reseller };
  return SCOPES.flatMap((scope) => {
    const id = ids[scope];
    return id === null ? [] : [{ scope, id }];
  });
}

const CHAINS: Readonly<Record<SendScope, (context: Context, id: bigint) => Promise<ScopeChain | null>>> = {
  account: async ({ db, actor }, id) => {
    const found = await db.account.findFirst({
      where: { AND: [accountScope(actor), { id, deletedAt: null, domain: { deletedAt: null } }] },
      select: { address: true, domainId: true, domain: { select: { resellerId: true } } },
    });
    return found && { scopes: chainOf(id, found.domainId, found.domain.resellerId), name: found.address };
  },
  domain: async ({ db, actor }, id) => {
    const found = await db.domain.findFirst({
      where: { AND: [domainScope(actor), { id, deletedAt: null }] },
      select: { name: true, resellerId: true },
    });
    return found && { scopes: chainOf(null, id, found.resellerId), name: found.name };
  },
  reseller: async ({ db, actor }, id) => {
    const isOwn = actor.kind === 'reseller' && actor.operatorId === id;
    if (!isOwn && actor.kind !== 'admin' && actor.kind !== 'system') return null;
    const found = await db.operator.findFirst({
      where: { id, role: 'reseller', deletedAt: null },
      select: { email: true },
    });
    return found && { scopes: chainOf(null, null, id), name: found.email };
  },
};

const WHAT: Readonly<Record<SendScope, string>> = { account: 'mailbox', domain: 'domain', reseller: 'reseller' };

/** `not-found` where the actor does not see it. */
export async function requireScope(context: Context, scope: SendScope, id: bigint): Promise<ScopeChain> {
  const chain = await CHAINS[scope](context, id);
  if (!chain) throw notFound(WHAT[scope]);
  return chain;
}

/** The scopes of which an actor sets limits, and for which it may let go what is over them. */
export function governs(actor: Actor, scope: SendScope): boolean {
  if (actor.kind === 'system' || actor.kind === 'admin') return true;
  if (actor.kind === 'reseller') return scope !== 'reseller';
  return actor.kind === 'domain-owner' && scope === 'account';
}

export async function readOwnLimits(db: Database, scope: SendScope, id: bigint): Promise<OwnSendLimits> {
  const row = await db.sendLimit.findUnique({ where: { scope_scopeId: { scope, scopeId: id } } });
  if (!row) return NO_OWN_LIMITS;
  const { scope: _scope, scopeId: _id, ...own } = row;
  return own;
}

/** For every measure the lowest limit of the scopes above that the actor does not govern; 0 where there is none. */
export async function readCap({ db, actor }: Context, { scopes }: ScopeChain): Promise<SendLimits> {
  const defaults = defaultLimits(await readSettings(db));
  const cap = { messagesPerHour: 0, messagesPerDay: 0, recipientsPerHour: 0, recipientsPerDay: 0, firstTimePerDay: 0 };
  for (const { scope, id } of scopes.slice(1)) {
    if (governs(actor, scope)) continue;
    const limits = effectiveLimits(await readOwnLimits(db, scope, id), defaults[scope]);
    for (const measure of MEASURES) {
      const limit = limits[measure];
      if (limit > 0 && (cap[measure] === 0 || limit < cap[measure])) cap[measure] = limit;
    }
  }
  return cap;
}

/** Throws `invalid` on the fields that go above the cap. */
export function requireWithinCap(own: Partial<OwnSendLimits>, cap: SendLimits): void {
  const fields: Record<string, string> = {};
  for (const measure of MEASURES) {
    const value = own[measure] ?? null;
    if (value === null || cap[measure] === 0 || (value > 0 && value <= cap[measure])) continue;
    fields[measure] = `At most ${cap[measure].toLocaleString('en')} ${MEASURE_WORDS[measure]} here.`;
  }
  const [first] = Object.values(fields);
  if (first !== undefined) throw new OperationError('invalid', first, fields);
}
