import type { DraftContent } from '#server/webmail/compose/draft.ts';
import { sendJson } from '../data/api.ts';

/** No later save will tell that these are not needed: their window ends, or they were taken out. What is not heard goes with its age. */
export function releaseUploads(attachments: DraftContent['attachments']): void {
  for (const { source } of attachments) {
    if (source.uploadId !== undefined)
      void sendJson('DELETE', 'uploads', { uploadId: source.uploadId }).catch(() => undefined);
  }
}
