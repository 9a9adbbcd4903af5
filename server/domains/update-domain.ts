import { z } from 'zod';
import type { Prisma } from '../database/prisma.ts';
import { idInput } from '../input/id.ts';
import { limitInput, quotaInput } from '../input/text.ts';
import { type Context, defineOperation } from '../operation.ts';
import { requireRoomForAccounts, requireRoomForDomains } from './domain-limits.ts';
import { resolvePeople } from './domain-people.ts';
import type { DomainView } from './domain-view.ts';
import { type LockedDomain, lockDomain, readDomainView } from './require-domain.ts';

const input = z.object({
  id: idInput,
  ownerId: idInput.nullable().optional(),
  resellerId: idInput.nullable().optional(),
  /** For mailboxes made from now on. */
  defaultQuotaBytes: quotaInput.optional(),
  /** Below what there is: stops growth, takes nothing away. */
  maxAccounts: limitInput.optional(),
});

type Input = z.output<typeof input>;

/** A new owner brings its own reseller, or none; taking the owner away leaves the reseller. A domain that comes to a reseller counts there. */
async function changedPeople({ db, actor }: Context, domain: LockedDomain, given: Input) {
  if (given.ownerId === undefined && given.resellerId === undefined) return {};
  const { ownerId = domain.ownerId, resellerId = ownerId === null ? domain.resellerId : null } = given;
  const people = await resolvePeople(db, actor, { ownerId, resellerId });
  if (people.resellerId !== domain.resellerId) {
    await requireRoomForDomains(db, people.resellerId, 1);
    const accounts = await db.account.count({ where: { domainId: domain.id, deletedAt: null } });
    await requireRoomForAccounts(db, { ...domain, maxAccounts: null, resellerId: people.resellerId }, accounts);
  }
  return people;
}

/** Changes what is given and leaves the rest. */
export const updateDomain = defineOperation({
  name: 'domains.update',
  allow: ['admin', 'reseller'],
  kind: 'write',
  input,
  run: async (context, given): Promise<DomainView> => {
    const domain = await lockDomain(context, given.id);
    const { defaultQuotaBytes, maxAccounts } = given;
    const data: Prisma.DomainUncheckedUpdateInput = {
      ...(await changedPeople(context, domain, given)),
      ...(defaultQuotaBytes !== undefined && { defaultQuotaBytes: BigInt(defaultQuotaBytes) }),
      ...(maxAccounts !== undefined && { maxAccounts }),
    };
    await context.db.domain.update({ where: { id: given.id }, data });
    return readDomainView(context, given.id);
  },
  target: (_, { name }) => name,
});
