import { OperationError } from '../../actor/errors.ts';
import type { MailClient } from '../connection/mail-client.ts';
import { downloadPart } from '../messages/download.ts';
import type { LoadedAttachment } from './build-message.ts';
import type { DraftAttachment, DraftContent } from './draft.ts';
import { findSavedPart } from './find-saved-part.ts';
import { partMarker } from './part-marker.ts';
import type { Uploads } from './uploads.ts';

/** All attachments of one message: with base64 the largest message is a third more. */
const MAX_MESSAGE_ATTACHMENTS_BYTES = 30 * 1024 * 1024;

export interface AttachmentPlaces {
  mail: MailClient;
  uploads: Uploads;
  sessionId: string;
}

function tooMuch(): OperationError {
  const limit = MAX_MESSAGE_ATTACHMENTS_BYTES / 1024 / 1024;
  return new OperationError('limit-reached', `The attachments of a message can have at most ${limit} MB together.`);
}

type PartSource = Extract<DraftAttachment['source'], { kind: 'part' }>;

async function readPart(mail: MailClient, source: PartSource, room: number): Promise<Buffer> {
  const { content } = await downloadPart(mail, source);
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop early destroys the stream, which gives the connection back.
  for await (const chunk of content as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > room) throw tooMuch();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function isGone(error: unknown): boolean {
  return error instanceof OperationError && error.code === 'not-found';
}

/** Bytes of a draft's attachments, uploads and parts of other messages alike, one after the other. */
export async function loadAttachments(
  { mail, uploads, sessionId }: AttachmentPlaces,
  draft: DraftContent,
): Promise<LoadedAttachment[]> {
  const loaded: LoadedAttachment[] = [];
  let room = MAX_MESSAGE_ATTACHMENTS_BYTES;
  for (const attachment of draft.attachments) {
    const { source, filename, contentType, contentId } = attachment;
    const load = async (from: DraftAttachment['source']): Promise<Buffer> =>
      from.kind === 'upload' ? uploads.read(sessionId, from.uploadId) : readPart(mail, from, room);
    const content = await load(source).catch(async (error: unknown) => {
      const saved = isGone(error) ? await findSavedPart(mail, draft, attachment) : undefined;
      if (!saved) throw error;
      return load(saved);
    });
    room -= content.length;
    if (room < 0) throw tooMuch();
    loaded.push({ filename, contentType, contentId, marker: partMarker(attachment), content });
  }
  return loaded;
}
