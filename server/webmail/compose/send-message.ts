import { OperationError } from '../../actor/errors.ts';
import type { Logger } from '../../logger.ts';
import type { MailIdentity } from '../connection/imap-connection.ts';
import type { MailClient } from '../connection/mail-client.ts';
import { requireDone } from '../connection/mail-error.ts';
import type { MailServer } from '../connection/mail-servers.ts';
import { requireRoleFolder } from '../folders/list-folders.ts';
import { markMessages } from '../messages/change-messages.ts';
import { buildMessage } from './build-message.ts';
import type { DraftContent } from './draft.ts';
import { loadAttachments } from './load-attachments.ts';
import { type ComposeContext, createMessageId, dropSavedUploads, removeDraft, senderOf } from './save-draft.ts';
import { digestDraft, type Sendings, type SendOutcome } from './sendings.ts';
import { submitMessage } from './submission.ts';

export interface SendContext extends ComposeContext {
  identity: MailIdentity;
  submission: MailServer;
  sendings: Sendings;
  log: Logger;
}

function readRecipients(draft: DraftContent): string[] {
  const all = [...draft.to, ...draft.cc, ...draft.bcc].map(({ address }) => address);
  const unique = [...new Map(all.map((address) => [address.toLowerCase(), address])).values()];
  if (unique.length === 0) throw new OperationError('invalid', 'Say who it is for.', { to: 'Say who it is for.' });
  return unique;
}

async function keepSent(mail: MailClient, bytes: Buffer, date: Date): Promise<void> {
  await mail.run(async (client) => {
    const folder = await requireRoleFolder(client, 'sent');
    requireDone(await client.append(folder, bytes, ['\\Seen'], date), 'keep the sent message');
  });
}

/** After the message is out nothing may fail the sending: what goes wrong is logged and told apart. */
async function tidyUp(context: SendContext, draft: DraftContent): Promise<void> {
  const { mail, uploads, sessionId, log } = context;
  try {
    const { answers, saved } = draft;
    if (answers) {
      await markMessages(
        mail,
        { folder: answers.folder, uids: [answers.uid] },
        answers.mode === 'reply' ? 'answered' : 'forwarded',
        true,
      );
    }
    if (saved) await removeDraft(mail, saved);
    for (const { source } of draft.attachments)
      if (source.kind === 'upload') await uploads.remove(sessionId, source.uploadId);
    await dropSavedUploads(context, draft);
  } catch (error) {
    log.warn({ err: error instanceof Error ? error.message : 'unknown' }, 'sent, but the draft or the flag stayed');
  }
}

async function sendOnce(context: SendContext, draft: DraftContent, messageId: string): Promise<SendOutcome> {
  const { mail, now, identity, submission, log } = context;
  const from = senderOf(context, draft);
  const attachments = await loadAttachments(context, draft);
  const message = { from, draft, attachments, messageId, date: now() };
  const bytes = await buildMessage(message, 'recipients');
  const envelope = { sender: from.address, recipients: readRecipients(draft) };
  const { refused, unclear } = await submitMessage(submission, identity, { ...envelope, bytes });
  if (unclear) {
    log.warn({ messageId }, 'handed over whole, but the answer was lost');
    return { refused, kept: false, unclear };
  }
  let kept = true;
  try {
    await keepSent(mail, draft.bcc.length > 0 ? await buildMessage(message, 'copy') : bytes, message.date);
  } catch (error) {
    kept = false;
    log.warn({ err: error instanceof Error ? error.message : 'unknown' }, 'sent, but not kept in Sent');
  }
  await tidyUp(context, draft);
  return { refused, kept, unclear };
}

/**
 * Submits the draft, keeps a copy in Sent, flags what it answers and removes the saved draft; a message that is under way or went
 * out already answers with that outcome. `again`: also one whose outcome is not known. Throws only before it is out.
 */
export async function sendMessage(context: SendContext, draft: DraftContent, again = false): Promise<SendOutcome> {
  readRecipients(draft);
  const { identity, sendings } = context;
  const from = senderOf(context, draft);
  const sending = {
    account: identity.address,
    messageId: draft.messageId ?? createMessageId(from),
    digest: digestDraft(from, draft),
    again,
    createMessageId: () => createMessageId(from),
  };
  return sendings.once(sending, (messageId) => sendOnce(context, draft, messageId));
}
