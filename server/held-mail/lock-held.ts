/** What is done to held mail is done under the rows the send gate locks, in its order, and to whole messages. */
import { notFound } from '../actor/errors.ts';
import { accountScope, domainScope } from '../actor/scopes.ts';
import type { Context } from '../operation.ts';
import { type ScopeId, scopeKey, scopesOf } from '../send-limits/plan-admissions.ts';
import { advance, parseUsage, type Usage } from '../send-limits/usage.ts';
import { type HeldId, heldOf, idsOf } from './held-id.ts';
import { nameHeld, readExcess } from './held-mail-view.ts';

interface Holder {
  held: HeldId;
  /** For people. */
  name: string;
  /** What its mail counts in. */
  scopes: readonly ScopeId[];
}

export interface LockedHold extends Holder {
  excess: ReturnType<typeof readExcess>;
}

const toNumber = (id: bigint | null): number | null => (id === null ? null : Number(id));

async function findAccounts({ db, actor }: Context, ids: bigint[]): Promise<Holder[]> {
  const where = { AND: [accountScope(actor), { id: { in: ids }, deletedAt: null }] };
  const select = { id: true, address: true, domainId: true, domain: { select: { resellerId: true } } } as const;
  const accounts = await db.account.findMany({ where, select, orderBy: { id: 'asc' } });
  if (accounts.length !== ids.length) throw notFound('mailbox');
  return accounts.map(({ id, address, domainId, domain }) => ({
    held: { kind: 'account', id },
    name: nameHeld('account', address),
    scopes: scopesOf({
      accountId: Number(id),
      domainId: Number(domainId),
      resellerId: toNumber(domain.resellerId),
    }),
  }));
}

async function findDomains({ db, actor }: Context, ids: bigint[]): Promise<Holder[]> {
  const where = { AND: [domainScope(actor), { id: { in: ids }, deletedAt: null }] };
  const select = { id: true, name: true, resellerId: true } as const;
  const domains = await db.domain.findMany({ where, select, orderBy: { id: 'asc' } });
  if (domains.length !== ids.length) throw notFound('domain');
  return domains.map(({ id, name, resellerId }) => ({
    held: { kind: 'domain', id },
    name: nameHeld('domain', name),
    scopes: scopesOf({ accountId: null, domainId: Number(id), resellerId: toNumber(resellerId) }),
  }));
}

/** Those of the actor's that are on hold, accounts first, in id order; `not-found` where an account or domain is not the actor's. */
export async function lockHolds(context: Context, ids: readonly HeldId[]): Promise<LockedHold[]> {
  const [accountIds, domainIds] = [idsOf('account', ids), idsOf('domain', ids)];
  const holders = [...(await findAccounts(context, accountIds)), ...(await findDomains(context, domainIds))];
  await lockUsageOf(context, holders);
  const holds = await context.db.sendHold.findMany({
    where: { OR: [{ accountId: { in: accountIds } }, { forwardingDomainId: { in: domainIds } }] },
  });
  return holders.flatMap((holder) => {
    const { kind, id } = holder.held;
    const hold = holds.find((one) => (kind === 'account' ? one.accountId : one.forwardingDomainId) === id);
    if (!hold) return [];
    const { scope, measure, limitValue: limit } = hold;
    return [{ ...holder, excess: readExcess({ scope, measure, limit }) }];
  });
}

async function lockUsageOf({ db, now }: Context, holders: readonly Holder[]): Promise<void> {
  const scopes = holders.flatMap((holder) => holder.scopes);
  const [names, ids] = [scopes.map(([scope]) => scope), scopes.map(([, id]) => BigInt(id))];
  await db.$executeRaw`
    INSERT INTO send_usage (scope, scope_id, counted_at, buckets)
    SELECT DISTINCT scope, scope_id, ${now()}::timestamptz, '{}'::jsonb
    FROM unnest(${names}::text[], ${ids}::bigint[]) AS w (scope, scope_id) ORDER BY scope, scope_id
    ON CONFLICT DO NOTHING`;
  await db.$queryRaw`
    SELECT scope FROM send_usage WHERE (scope, scope_id) IN (SELECT * FROM unnest(${names}::text[], ${ids}::bigint[]))
    ORDER BY scope, scope_id FOR NO KEY UPDATE`;
}

/** Of locked scopes, as it counts now; by `scopeKey`. */
export async function readUsage({ db, now }: Context, holds: readonly LockedHold[]): Promise<Map<string, Usage>> {
  const scopes = new Map(holds.flatMap((hold) => hold.scopes).map((entry) => [scopeKey(...entry), entry]));
  const usage = new Map<string, Usage>();
  for (const [key, [scope, id]] of scopes) {
    const row = await db.sendUsage.findUniqueOrThrow({ where: { scope_scopeId: { scope, scopeId: BigInt(id) } } });
    usage.set(key, advance(parseUsage(row.countedAt, row.buckets), now()));
  }
  return usage;
}

export interface HeldAmount {
  messages: number;
  recipients: number;
}

/** Locks the held messages, in id order as the engine does. */
export async function lockHeldMessages({ db }: Context, ids: readonly HeldId[]): Promise<void> {
  await db.$queryRaw`
    SELECT id FROM queue_message WHERE id IN (
      SELECT m.id FROM queue_message m JOIN queue_entry e ON e.message_id = m.id WHERE ${heldOf(ids)})
    ORDER BY id FOR UPDATE`;
}

export async function countHeld({ db }: Context, id: HeldId): Promise<HeldAmount> {
  const [row] = await db.$queryRaw<{ messages: bigint; recipients: bigint }[]>`
    SELECT count(DISTINCT m.id) AS messages, count(*) AS recipients
    FROM queue_message m JOIN queue_entry e ON e.message_id = m.id WHERE ${heldOf([id])}`;
  return { messages: Number(row?.messages ?? 0), recipients: Number(row?.recipients ?? 0) };
}
