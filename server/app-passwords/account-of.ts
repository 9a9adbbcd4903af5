import { lockAccounts } from '../accounts/require-account.ts';
import type { Actor } from '../actor/actor.ts';
import { OperationError } from '../actor/errors.ts';
import type { Context } from '../operation.ts';

/** Whose app passwords are meant: a mailbox owner's own unless another is named, which is then not found. */
export function accountIdOf(actor: Actor, given: bigint | undefined): bigint {
  if (given !== undefined) return given;
  if (actor.kind === 'mailbox-owner') return actor.accountId;
  throw new OperationError('invalid', 'Say which mailbox.', { accountId: 'Say which mailbox.' });
}

export async function lockAccount(context: Context, id: bigint) {
  const [account] = await lockAccounts(context, [id]);
  if (!account) throw new Error('unreachable: one was asked for, and a missing one throws');
  return account;
}
