import { z } from 'zod';
import { OperationError } from '../actor/errors.ts';
import { domainScope } from '../actor/scopes.ts';
import { refuseDuplicates } from '../database/unique-violation.ts';
import { idInput } from '../input/id.ts';
import { limitInput, quotaInput } from '../input/text.ts';
import { type Context, defineOperation } from '../operation.ts';
import { requireRoomForDomains } from './domain-limits.ts';
import { domainNameInput } from './domain-name-input.ts';
import { resolvePeople } from './domain-people.ts';
import type { DomainView } from './domain-view.ts';
import { readDomainView } from './require-domain.ts';

const input = z.object({
  name: domainNameInput,
  ownerId: idInput.nullable().default(null),
  /** Admins only; resellers' domains are their own. */
  resellerId: idInput.nullable().default(null),
  defaultQuotaBytes: quotaInput.default(0),
  maxAccounts: limitInput.default(null),
});

export const NAME_TAKEN = 'This domain is hosted here already.';

/** A deleted domain keeps its name while it can be restored. Who may restore it is told; others see only that it is taken. */
async function requireFreeName({ db, actor, now }: Context, name: string): Promise<void> {
  await db.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))::text`;
  const deleted = { name, deletedAt: { not: null }, purgeAfter: { gt: now() } };
  if ((await db.domain.count({ where: deleted })) === 0) return;
  const isOwn = (await db.domain.count({ where: { AND: [domainScope(actor), deleted] } })) > 0;
  const message = isOwn
    ? 'This domain was deleted and can be restored: restore it, or remove it for good first.'
    : NAME_TAKEN;
  throw new OperationError('conflict', message, { name: message });
}

/** Hosts a domain from now on. Refused when the name is taken (`conflict` on `name`) or a reseller is at its limit. */
export const createDomain = defineOperation({
  name: 'domains.create',
  allow: ['admin', 'reseller'],
  kind: 'write',
  input,
  run: async (context, { name, defaultQuotaBytes, maxAccounts, ...asked }): Promise<DomainView> => {
    const { db, actor, now } = context;
    const people = await resolvePeople(db, actor, asked);
    await requireRoomForDomains(db, people.resellerId, 1);
    await requireFreeName(context, name);
    const data = { name, ...people, defaultQuotaBytes: BigInt(defaultQuotaBytes), maxAccounts, createdAt: now() };
    const created = db.domain.create({ data, select: { id: true } });
    const { id } = await refuseDuplicates(created, 'name', NAME_TAKEN);
    return readDomainView(context, id);
  },
  target: ({ name }) => name,
});
