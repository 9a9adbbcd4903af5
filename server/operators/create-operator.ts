import { z } from 'zod';
import type { Actor } from '../actor/actor.ts';
import { OperationError } from '../actor/errors.ts';
import type { Database } from '../database/prisma.ts';
import { refuseDuplicates } from '../database/unique-violation.ts';
import { idInput } from '../input/id.ts';
import { emailInput, limitInput, personNameInput } from '../input/text.ts';
import { defineOperation } from '../operation.ts';
import { OPERATOR_INCLUDE, type OperatorView, toOperatorView } from './operator-view.ts';

const input = z.object({
  email: emailInput,
  name: personNameInput,
  role: z.enum(['admin', 'reseller', 'domain_owner'], { error: 'Choose a role.' }),
  /** Reseller of a new domain owner; admins only. */
  resellerId: idInput.nullable().default(null),
  maxDomains: limitInput.default(null),
  maxAccounts: limitInput.default(null),
});

type Input = z.output<typeof input>;

export const EMAIL_TAKEN = 'Somebody with this email exists already.';

function refuse(code: 'forbidden' | 'invalid', field: string, message: string): never {
  throw new OperationError(code, message, { [field]: message });
}

/** Resellers make domain owners of their own and nothing else. */
async function resellerOf(db: Database, actor: Actor, { role, resellerId }: Input): Promise<bigint | null> {
  if (actor.kind === 'reseller') {
    if (role !== 'domain_owner') refuse('forbidden', 'role', 'You may add domain owners only.');
    if (resellerId !== null && resellerId !== actor.operatorId) refuse('forbidden', 'resellerId', 'Add your own only.');
    return actor.operatorId;
  }
  if (resellerId === null) return null;
  if (role !== 'domain_owner') refuse('invalid', 'resellerId', 'Only a domain owner belongs to a reseller.');
  const reseller = await db.operator.count({ where: { id: resellerId, role: 'reseller', deletedAt: null } });
  if (reseller === 0) refuse('invalid', 'resellerId', 'There is no such reseller.');
  return resellerId;
}

/** Adds a person who administers. They cannot sign in until they used a link of `operators.createPasswordLink`. */
export const createOperator = defineOperation({
  name: 'operators.create',
  allow: ['admin', 'reseller'],
  kind: 'write',
  input,
  run: async ({ db, actor, now }, given): Promise<OperatorView> => {
    const { email, name, role, maxDomains, maxAccounts } = given;
    const isReseller = role === 'reseller';
    if (!isReseller && maxDomains !== null) refuse('invalid', 'maxDomains', 'Only resellers have this limit.');
    if (!isReseller && maxAccounts !== null) refuse('invalid', 'maxAccounts', 'Only resellers have this limit.');
    const resellerId = await resellerOf(db, actor, given);
    const data = { email, name, role, resellerId, maxDomains, maxAccounts, createdAt: now() };
    const created = db.operator.create({ data, include: OPERATOR_INCLUDE });
    return toOperatorView(await refuseDuplicates(created, 'email', EMAIL_TAKEN));
  },
  target: ({ email }) => email,
});
