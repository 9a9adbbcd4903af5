import type { Actor } from '../../actor/actor.ts';
import { OperationError } from '../../actor/errors.ts';

/** Webmail's settings are the mailbox owner's alone: whoever else asks, an admin among them, is refused. */
export function requireOwnAccount(actor: Actor): bigint {
  if (actor.kind !== 'mailbox-owner')
    throw new OperationError('forbidden', 'Only the owner of a mailbox has webmail settings.');
  return actor.accountId;
}
