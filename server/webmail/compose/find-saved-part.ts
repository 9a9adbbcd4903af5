import { type MailClient, selectFolder } from '../connection/mail-client.ts';
import { requireDone } from '../connection/mail-error.ts';
import { requireRoleFolder } from '../folders/list-folders.ts';
import { requireMessage } from '../messages/open-message.ts';
import { readParts } from '../messages/structure.ts';
import type { DraftAttachment, DraftContent } from './draft.ts';
import { partMarker } from './part-marker.ts';

type PartSource = Extract<DraftAttachment['source'], { kind: 'part' }>;

const MAX_DRAFTS = 10;

/**
 * An attachment in the newest saved draft of this message that has it. A browser that did not hear of the last save names parts of
 * a draft which that save has replaced.
 */
export function findSavedPart(
  mail: MailClient,
  { messageId }: DraftContent,
  attachment: DraftAttachment,
): Promise<PartSource | undefined> {
  return mail.run(async (client) => {
    if (messageId === null) return undefined;
    const folder = await requireRoleFolder(client, 'drafts');
    await selectFolder(client, folder);
    const search = await client.search({ header: { 'message-id': messageId } }, { uid: true });
    const newestFirst = requireDone(search, 'find the draft').reverse();
    for (const uid of newestFirst.slice(0, MAX_DRAFTS)) {
      const { bodyStructure } = await requireMessage(client, uid);
      const parts = bodyStructure ? readParts(bodyStructure).attachments : [];
      const found = parts.find(({ contentId }) => contentId === partMarker(attachment));
      if (found) return { kind: 'part', folder, uid, part: found.part };
    }
    return undefined;
  });
}
