import { z } from 'zod';
import type { ActorKind } from '../actor/actor.ts';
import { notFound, OperationError } from '../actor/errors.ts';
import { defineOperation } from '../operation.ts';

/** Who is signed in. */
export interface Profile {
  kind: Exclude<ActorKind, 'system'>;
  /** The operator's or the account's id. */
  id: string;
  /** What they sign in with: an operator's email or a mailbox's address. */
  login: string;
  name: string;
  createdAt: string;
  lastLoginAt: string | null;
}

const FIELDS = { id: true, createdAt: true, lastLoginAt: true } as const;

export const getProfile = defineOperation({
  name: 'profile.get',
  allow: ['admin', 'reseller', 'domain-owner', 'mailbox-owner'],
  kind: 'read',
  input: z.object({}),
  run: async ({ db, actor }): Promise<Profile> => {
    if (actor.kind === 'system') throw new OperationError('forbidden', 'The system is no person.');
    const toProfile = (
      row: { id: bigint; createdAt: Date; lastLoginAt: Date | null },
      login: string,
      name: string,
    ) => ({
      kind: actor.kind,
      id: String(row.id),
      login,
      name,
      createdAt: row.createdAt.toISOString(),
      lastLoginAt: row.lastLoginAt?.toISOString() ?? null,
    });
    if (actor.kind === 'mailbox-owner') {
      const where = { id: actor.accountId, deletedAt: null };
      const row = await db.account.findFirst({ where, select: { ...FIELDS, address: true, displayName: true } });
      if (!row) throw notFound('mailbox');
      return toProfile(row, row.address, row.displayName);
    }
    const where = { id: actor.operatorId, deletedAt: null };
    const row = await db.operator.findFirst({ where, select: { ...FIELDS, email: true, name: true } });
    if (!row) throw notFound('person');
    return toProfile(row, row.email, row.name);
  },
});
