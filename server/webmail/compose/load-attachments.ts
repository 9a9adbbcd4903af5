import { OperationError } from '../../actor/errors.ts';
import type { MailClient } from '../connection/mail-client.ts';
import { downloadPart } from '../messages/download.ts';
import type { LoadedAttachment } from './build-message.ts';
import type { DraftAttachment } from './draft.ts';
import { partMarker } from './part-marker.ts';
import type { Uploads } from './uploads.ts';

/** All attachments of one message: with base64 the largest message is a third more. */
const MAX_MESSAGE_ATTACHMENTS_BYTES = 30 * 1024 * 1024;

function tooMuch(): OperationError {
  const limit = MAX_MESSAGE_ATTACHMENTS_BYTES / 1024 / 1024;
  return new OperationError('limit-reached', `The attachments of a message can have at most ${limit} MB together.`);
}

async function readPart(
  mail: MailClient,
  source: Extract<DraftAttachment['source'], { kind: 'part' }>,
  room: number,
): Promise<Buffer> {
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

/** Bytes of a draft's attachments, uploads and parts of other messages alike, one after the other. */
export async function loadAttachments(
  mail: MailClient,
  uploads: Uploads,
  sessionId: string,
  attachments: readonly DraftAttachment[],
): Promise<LoadedAttachment[]> {
  const loaded: LoadedAttachment[] = [];
  let room = MAX_MESSAGE_ATTACHMENTS_BYTES;
  for (const attachment of attachments) {
    const { source, filename, contentType, contentId } = attachment;
    const content =
      source.kind === 'upload' ? await uploads.read(sessionId, source.uploadId) : await readPart(mail, source, room);
    room -= content.length;
    if (room < 0) throw tooMuch();
    loaded.push({ filename, contentType, contentId, marker: partMarker(attachment), content });
  }
  return loaded;
}
