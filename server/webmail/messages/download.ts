/** Bytes of parts and whole messages as streams; the connection is busy until the stream ends or is destroyed. */
import type { Readable } from 'node:stream';
import { OperationError } from '../../actor/errors.ts';
import { type MailClient, selectFolder } from '../connection/mail-client.ts';
import { toMailError } from '../connection/mail-error.ts';
import { type MessageRef, requireMessage } from './open-message.ts';
import { readParts } from './structure.ts';

export interface Download {
  filename: string;
  contentType: string;
  content: Readable;
}

/** Raster images that no browser runs; everything else is only ever downloaded. */
const SAFE_INLINE = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'image/bmp']);

export function isSafeInline(contentType: string): boolean {
  return SAFE_INLINE.has(contentType.toLowerCase());
}

async function openStream(mail: MailClient, ref: MessageRef, part: string | undefined): Promise<Download> {
  const { client, release } = await mail.lease(ref.folder);
  try {
    await selectFolder(client, ref.folder);
    const message = await requireMessage(client, ref.uid);
    const attachment = part === undefined ? undefined : findAttachment(message.bodyStructure, part);
    const { content } = await client.download(String(ref.uid), part, { uid: true, decodeText: false });
    if (!content) throw new OperationError('not-found', 'There is no such attachment.');
    content.once('close', release);
    return {
      filename: attachment?.filename ?? `${fileStem(message.envelope?.subject)}.eml`,
      contentType: attachment?.contentType ?? 'message/rfc822',
      content,
    };
  } catch (error) {
    release();
    throw toMailError(error);
  }
}

function findAttachment(structure: Parameters<typeof readParts>[0] | undefined, part: string) {
  const attachment = structure && readParts(structure).attachments.find((candidate) => candidate.part === part);
  if (!attachment) throw new OperationError('not-found', 'There is no such attachment.');
  return attachment;
}

function fileStem(subject: string | undefined): string {
  const stem = (subject ?? '')
    .replace(/[\p{Cc}\p{Bidi_Control}"\\/:*?<>|]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return stem.slice(0, 100) || 'message';
}

/** One attachment, transfer encoding removed, bytes otherwise as sent. */
export function downloadPart(mail: MailClient, ref: MessageRef & { part: string }): Promise<Download> {
  return openStream(mail, ref, ref.part);
}

/** The whole message as the server keeps it. */
export function downloadSource(mail: MailClient, ref: MessageRef): Promise<Download> {
  return openStream(mail, ref, undefined);
}
