import { z } from 'zod';
import { OperationError } from '../actor/errors.ts';
import { revokeSessions } from '../auth/web-session.ts';
import type { Database } from '../database/prisma.ts';
import { idsInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { lockOperators, refuseSelf, requireAdminLeft } from './require-operator.ts';

/** Deleted domains count too: restoring one must find its people. */
async function requireNoDependants(db: Database, ids: bigint[], now: Date): Promise<void> {
  const kept = { OR: [{ deletedAt: null }, { purgeAfter: { gt: now } }] };
  const domains = await db.domain.count({
    where: { AND: [kept, { OR: [{ ownerId: { in: ids } }, { resellerId: { in: ids } }] }] },
  });
  if (domains > 0) {
    const what = domains === 1 ? 'a domain' : `${domains} domains`;
    throw new OperationError('conflict', `There is still ${what} in these hands: give it to somebody else first.`);
  }
  const clients = await db.operator.count({ where: { resellerId: { in: ids }, deletedAt: null } });
  if (clients > 0) throw new OperationError('conflict', 'This reseller still has domain owners: remove them first.');
}

/** Takes people out; `operators.restore` brings them back. Refused while anything belongs to them. */
export const deleteOperators = defineOperation({
  name: 'operators.delete',
  allow: ['admin', 'reseller'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async (context, { ids }): Promise<{ emails: string[] }> => {
    const { db, now } = context;
    refuseSelf(context, ids, 'delete');
    const rows = await lockOperators(context, ids);
    await requireNoDependants(db, ids, now());
    await db.operator.updateMany({ where: { id: { in: ids } }, data: { deletedAt: now() } });
    await db.passwordLink.deleteMany({ where: { operatorId: { in: ids } } });
    for (const operatorId of ids) await revokeSessions(context, { operatorId });
    await requireAdminLeft(db, rows);
    return { emails: rows.map((row) => row.email) };
  },
  target: (_, { emails }) => emails.join(', '),
});
