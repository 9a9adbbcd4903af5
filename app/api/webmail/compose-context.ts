import type { ComposeContext } from '#server/webmail/compose/save-draft.ts';
import type { MailRequest } from './mail-request.ts';
import { webmailRuntime } from './runtime.ts';

export function composeContext({ mail, sessionId, account, now }: MailRequest): ComposeContext {
  const from = { name: account.name, address: account.address };
  return { mail, uploads: webmailRuntime().uploads, sessionId, from, now };
}
