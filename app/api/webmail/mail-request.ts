/** Who asks and with what: every webmail route begins here. Signed out or not a mailbox owner: refused before anything is read. */
import { OperationError } from '#server/actor/errors.ts';
import type { Context } from '#server/operation.ts';
import type { MailIdentity } from '#server/webmail/connection/imap-connection.ts';
import type { MailClient } from '#server/webmail/connection/mail-client.ts';
import { readPreferences, type WebmailAccount } from '#server/webmail/preferences/read-preferences.ts';
import { container } from '@/container.ts';
import { findActor, findSessionId, operationContext } from '@/session.ts';
import { webmailRuntime } from './runtime.ts';

export interface MailRequest {
  sessionId: string;
  context: Context;
  account: WebmailAccount;
  identity: MailIdentity;
  mail: MailClient;
  now: () => Date;
}

export async function requireMailRequest(): Promise<MailRequest> {
  const sessionId = await findSessionId();
  const actor = await findActor();
  if (sessionId === undefined || !actor)
    throw new OperationError('unauthenticated', 'You are signed out. Sign in again.');
  if (actor.kind !== 'mailbox-owner')
    throw new OperationError('forbidden', 'Only the owner of a mailbox can read its mail.');
  const { accountId } = actor;
  const context = await operationContext(actor);
  const account = await readPreferences(context, {});
  const { clients, tokens } = webmailRuntime();
  const identity: MailIdentity = {
    sessionId,
    address: account.address,
    issueToken: () => tokens.issueAccessToken({ sessionId, accountId }),
  };
  return { sessionId, context, account, identity, mail: clients.of(identity), now: container().now };
}
