import { z } from 'zod';
import { notFound } from '../actor/errors.ts';
import { accountScope } from '../actor/scopes.ts';
import { idInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { accountIdOf } from './account-of.ts';
import { APP_PASSWORD_SELECT, type AppPasswordView, toAppPasswordView } from './app-password-view.ts';

export interface AppPasswordsView {
  accountId: string;
  /** Mail programs may not use the mailbox's own password. */
  areRequired: boolean;
  /** Active ones first, newest first. */
  appPasswords: AppPasswordView[];
}

const ORDER = { active: 0, expired: 1, revoked: 2 } as const;

/** A mailbox's app passwords, those that ended lately too. Without `accountId` the mailbox owner's own. */
export const getAppPasswords = defineOperation({
  name: 'appPasswords.get',
  allow: ['admin', 'reseller', 'domain-owner', 'mailbox-owner'],
  kind: 'read',
  input: z.object({ accountId: idInput.optional() }),
  run: async ({ db, actor, now }, { accountId }): Promise<AppPasswordsView> => {
    const id = accountIdOf(actor, accountId);
    const account = await db.account.findFirst({
      where: { AND: [accountScope(actor), { id, deletedAt: null, domain: { deletedAt: null } }] },
      select: { appPasswordsOnly: true, appPasswords: { select: APP_PASSWORD_SELECT, orderBy: { id: 'desc' } } },
    });
    if (!account) throw notFound('mailbox');
    const views = account.appPasswords.map((row) => toAppPasswordView(row, now()));
    return {
      accountId: String(id),
      areRequired: account.appPasswordsOnly,
      appPasswords: views.toSorted((a, b) => ORDER[a.state] - ORDER[b.state]),
    };
  },
});
