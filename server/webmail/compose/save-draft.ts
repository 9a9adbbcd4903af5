import { randomUUID } from 'node:crypto';
import { type MailClient, selectFolder } from '../connection/mail-client.ts';
import { requireDone } from '../connection/mail-error.ts';
import { requireRoleFolder } from '../folders/list-folders.ts';
import { type MessageRef, requireMessage } from '../messages/open-message.ts';
import { readParts } from '../messages/structure.ts';
import type { Person } from '../types.ts';
import { buildMessage } from './build-message.ts';
import type { DraftAttachment, DraftContent } from './draft.ts';
import { loadAttachments } from './load-attachments.ts';
import { findParts } from './part-marker.ts';
import type { Uploads } from './uploads.ts';

export interface ComposeContext {
  mail: MailClient;
  uploads: Uploads;
  sessionId: string;
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

/** Appends the draft to Drafts, then removes the one it replaces: at no moment is there none. */
export async function saveDraft(context: ComposeContext, draft: DraftContent): Promise<SavedDraft> {
  const { mail, uploads, sessionId, now } = context;
  const from = senderOf(context, draft);
  const attachments = await loadAttachments(mail, uploads, sessionId, draft.attachments);
  const bytes = await buildMessage(
    { from, draft, attachments, messageId: createMessageId(from), date: now() },
    'draft',
  );
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
  for (const [index, { source }] of draft.attachments.entries())
    if (source.kind === 'upload' && kept[index]?.source.kind === 'part')
      await uploads.remove(sessionId, source.uploadId);
  return { saved, attachments: kept };
}

/** What is still only in the draft that is replaced keeps it. */
function isPartOf(source: DraftAttachment['source'], message: MessageRef | null): boolean {
  return source.kind === 'part' && source.folder === message?.folder && source.uid === message.uid;
}
