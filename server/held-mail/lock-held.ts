/** What is done to held mail is done under the rows the send gate locks, in its order, and to whole messages. */
import { notFound } from '../actor/errors.ts';
import { accountScope } from '../actor/scopes.ts';
import type { Context } from '../operation.ts';
import type { SendScope } from '../send-limits/measures.ts';
import { scopeKey, scopesOf } from '../send-limits/plan-admissions.ts';
import { advance, parseUsage, type Usage } from '../send-limits/usage.ts';
import { readExcess } from './held-mail-view.ts';

export interface LockedHold {
  id: bigint;
  address: string;
  domainId: bigint;
  resellerId: bigint | null;
  excess: ReturnType<typeof readExcess>;
}

/** Holds of the accounts in the actor's scope, in id order; `not-found` where an account is not the actor's. */
export async function lockHolds(context: Context, ids: readonly bigint[]): Promise<LockedHold[]> {
  const { db, actor } = context;
  const where = { AND: [accountScope(actor), { id: { in: [...ids] }, deletedAt: null }] };
  const select = { id: true, address: true, domainId: true, domain: { select: { resellerId: true } } } as const;
  const accounts = await db.account.findMany({ where, select, orderBy: { id: 'asc' } });
  if (accounts.length !== ids.length) throw notFound('mailbox');
  await lockUsageOf(
    context,
    accounts.map((account) => ({ ...account, resellerId: account.domain.resellerId })),
  );
  const holds = await db.sendHold.findMany({ where: { accountId: { in: [...ids] } } });
  return accounts.flatMap(({ id, address, domainId, domain }) => {
    const hold = holds.find(({ accountId }) => accountId === id);
    if (!hold) return [];
    const { scope, measure, limitValue: limit } = hold;
    return [{ id, address, domainId, resellerId: domain.resellerId, excess: readExcess({ scope, measure, limit }) }];
  });
}

type Placed = Pick<LockedHold, 'id' | 'domainId' | 'resellerId'>;

export function scopesOfHold({ id, domainId, resellerId }: Placed): [SendScope, number][] {
  return scopesOf(Number(id), {
    domainId: Number(domainId),
    resellerId: resellerId === null ? null : Number(resellerId),
  });
}

async function lockUsageOf({ db, now }: Context, accounts: readonly Placed[]): Promise<void> {
  const scopes = accounts.flatMap(scopesOfHold);
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
  const scopes = new Map(holds.flatMap(scopesOfHold).map((entry) => [scopeKey(...entry), entry]));
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

/** Locks the held messages of the accounts, in id order as the engine does. */
export async function lockHeldMessages({ db }: Context, ids: readonly bigint[]): Promise<void> {
  await db.$queryRaw`
    SELECT id FROM queue_message m WHERE account_id = ANY (${ids}::bigint[])
      AND EXISTS (SELECT FROM queue_entry e WHERE e.message_id = m.id AND e.state = 'held' AND e.hold_reason IS NOT NULL)
    ORDER BY id FOR UPDATE`;
}

export async function countHeld({ db }: Context, accountId: bigint): Promise<HeldAmount> {
  const [row] = await db.$queryRaw<{ messages: bigint; recipients: bigint }[]>`
    SELECT count(DISTINCT m.id) AS messages, count(*) AS recipients
    FROM queue_message m JOIN queue_entry e ON e.message_id = m.id
    WHERE m.account_id = ${accountId} AND e.state = 'held' AND e.hold_reason IS NOT NULL`;
  return { messages: Number(row?.messages ?? 0), recipients: Number(row?.recipients ?? 0) };
}
