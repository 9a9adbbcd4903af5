'use server';

import { purgeAccounts } from '#server/accounts/purge-accounts.ts';
import { restoreAccounts } from '#server/accounts/restore-accounts.ts';
import { purgeDomains } from '#server/domains/purge-domains.ts';
import { restoreDomains } from '#server/domains/restore-domains.ts';
import type { Context } from '#server/operation.ts';
import { actAs } from './act.ts';
import type { ActionResult } from './result.ts';

type OnIds = (context: Context, input: { ids: string[] }) => Promise<unknown>;

/** Row ids of the deleted list are `domain-3` and `account-7`: domains go first, so that mailboxes find theirs. */
async function onEachKind(context: Context, rowIds: readonly string[], onDomains: OnIds, onAccounts: OnIds) {
  const idsOf = (kind: string): string[] =>
    rowIds.filter((id) => id.startsWith(`${kind}-`)).map((id) => id.slice(kind.length + 1));
  const [domains, accounts] = [idsOf('domain'), idsOf('account')];
  if (domains.length > 0) await onDomains(context, { ids: domains });
  if (accounts.length > 0) await onAccounts(context, { ids: accounts });
}

export async function restoreDeletedAction(rowIds: string[]): Promise<ActionResult<unknown>> {
  return actAs('deleted.restore', (context) => onEachKind(context, rowIds, restoreDomains, restoreAccounts));
}

export async function purgeDeletedAction(rowIds: string[]): Promise<ActionResult<unknown>> {
  return actAs('deleted.purge', (context) => onEachKind(context, rowIds, purgeDomains, purgeAccounts));
}
