import { randomUUID } from 'node:crypto';
import { type MailClient, selectFolder } from '../connection/mail-client.ts';
import { requireDone } from '../connection/mail-error.ts';
import { requireRoleFolder } from '../folders/list-folders.ts';
import { type MessageRef, requireMessage } from '../messages/open-message.ts';
import { readParts } from '../messages/structure.ts';
import type { Person } from '../types.ts';
import { buildMessage } from './build-message.ts';
import type { DraftAttachment, DraftContent } from './draft.ts';
import { type AttachmentPlaces, loadAttachments } from './load-attachments.ts';
import { findParts } from './part-marker.ts';

export interface ComposeContext extends AttachmentPlaces {
  /** The account's own name and address. */
  from: Person;
  now: () => Date;
}

/** The account's own name with the address the draft is to be from. */
export function senderOf({ from }: ComposeContext, draft: DraftContent): Person {
  return draft.from === null ? from : { ...from, address: draft.from };
}

export interface SavedDraft {
  saved: MessageRef;
  /** The draft's attachments, which now are parts of the saved message. */
  attachments: DraftAttachment[];
}

/** A fresh Message-ID below the sender's domain. */
export function createMessageId(from: Person): string {
  return `<${randomUUID()}@${from.address.split('@').at(-1) ?? 'localhost'}>`;
}

/** Removes a saved draft for good; one that is gone already is no fault. */
export function removeDraft(mail: MailClient, saved: MessageRef): Promise<void> {
  return mail.inFolder(saved.folder, async (client) => {
    const message = await client.fetchOne(String(saved.uid), { uid: true, flags: true }, { uid: true });
    // Only ever a draft: a forged reference must not remove a letter.
    if (message !== false && message.flags?.has('\\Draft'))
      await client.messageDelete(String(saved.uid), { uid: true });
  });
}

/** Removes the uploads whose parts this request names: the browser has heard of the save that made them. */
export async function dropSavedUploads({ uploads, sessionId }: ComposeContext, draft: DraftContent): Promise<void> {
  for (const { source } of draft.attachments)
    if (source.kind === 'part' && source.uploadId !== undefined) await uploads.remove(sessionId, source.uploadId);
}

/**
 * Appends the draft to Drafts, then removes the one it replaces: at no moment is there none. Uploads stay until the browser
 * names their parts instead; an answer that was lost leaves it with the uploads.
 */
export async function saveDraft(context: ComposeContext, draft: DraftContent): Promise<SavedDraft> {
  const { mail, now } = context;
  const from = senderOf(context, draft);
  const attachments = await loadAttachments(context, draft);
  const messageId = draft.messageId ?? createMessageId(from);
  const bytes = await buildMessage({ from, draft, attachments, messageId, date: now() }, 'draft');
  const result = await mail.run(async (client) => {
    const folder = await requireRoleFolder(client, 'drafts');
    const appended = requireDone(await client.append(folder, bytes, ['\\Draft', '\\Seen'], now()), 'keep the draft');
    await selectFolder(client, folder);
    const uid =
      appended.uid ?? requireDone(await client.search({ all: true }, { uid: true }), 'find the draft').at(-1) ?? 0;
    const message = await requireMessage(client, uid);
    return { folder, uid, parts: message.bodyStructure ? readParts(message.bodyStructure).attachments : [] };
  });
  const saved = { folder: result.folder, uid: result.uid };
  const kept = findParts(draft.attachments, result.parts, saved);
  if (draft.saved && !kept.some(({ source }) => isPartOf(source, draft.saved))) await removeDraft(mail, draft.saved);
  await dropSavedUploads(context, draft);
  return { saved, attachments: kept };
}

/** What is still only in the draft that is replaced keeps it. */
function isPartOf(source: DraftAttachment['source'], message: MessageRef | null): boolean {
  return source.kind === 'part' && source.folder === message?.folder && source.uid === message.uid;
}
