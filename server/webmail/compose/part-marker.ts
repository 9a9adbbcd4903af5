/**
 * How an attachment is found again among the parts of the saved draft: by Content-ID (RFC 2045 §7), which every part of a draft
 * has and BODYSTRUCTURE tells. Positions say nothing: where a part stands is the composer's business.
 */
import { createHash } from 'node:crypto';
import type { MessageRef } from '../messages/open-message.ts';
import type { AttachmentInfo } from '../types.ts';
import type { DraftAttachment } from './draft.ts';

/** Content-ID without brackets: of an inline image the one the HTML names, of other files one made of the browser's name for it. */
export function partMarker({ id, contentId }: Pick<DraftAttachment, 'id' | 'contentId'>): string {
  return contentId ?? `${createHash('sha256').update(id).digest('hex').slice(0, 32)}@draft.invalid`;
}

/** Each attachment with its part of `saved` as its source; without a part it keeps the source it has. Images of one Content-ID keep their order. */
export function findParts(
  attachments: readonly DraftAttachment[],
  parts: readonly AttachmentInfo[],
  saved: MessageRef,
): DraftAttachment[] {
  const byMarker = Map.groupBy(parts, ({ contentId }) => contentId);
  return attachments.map((attachment) => {
    const found = byMarker.get(partMarker(attachment))?.shift();
    if (!found) return attachment;
    const { source } = attachment;
    const uploadId = source.kind === 'upload' ? { uploadId: source.uploadId } : {};
    return { ...attachment, source: { kind: 'part', ...saved, part: found.part, ...uploadId } };
  });
}
