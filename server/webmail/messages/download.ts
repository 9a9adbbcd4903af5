/**
 * Bytes of parts and whole messages as streams. The connection is busy until the stream ends or is destroyed, which it is when
 * `signal` aborts, when the connection is lost, and when nobody takes a piece for the time of a lease: whoever asked may be gone
 * without a word, and a stream that nobody reads never ends by itself.
 */
import { pipeline, type Readable, Transform } from 'node:stream';
import { OperationError } from '../../actor/errors.ts';
import { type Lease, type MailClient, selectFolder } from '../connection/mail-client.ts';
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

/** The stream a lease is held for: each piece that is taken renews it, and it is released when the stream has closed. */
function holdLease(content: Readable, { client, release, renew }: Lease, signal: AbortSignal | undefined): Readable {
  const pieces = new Transform({
    transform: (piece, _encoding, done) => {
      renew();
      done(null, piece);
    },
  });
  pipeline(content, pieces, () => undefined); // who reads `pieces` is told of a failure
  const giveUp = (): unknown => pieces.destroy();
  const lose = (): unknown =>
    pieces.destroy(new OperationError('unavailable', 'The connection to the mail server was lost. Try again.'));
  client.once('close', lose);
  signal?.addEventListener('abort', giveUp);
  pieces.once('close', () => {
    client.off('close', lose);
    signal?.removeEventListener('abort', giveUp);
    release();
  });
  if (signal?.aborted) giveUp();
  return pieces;
}

async function openStream(
  mail: MailClient,
  ref: MessageRef,
  part: string | undefined,
  signal: AbortSignal | undefined,
): Promise<Download> {
  const lease = await mail.lease(ref.folder);
  const { client } = lease;
  try {
    if (signal?.aborted) throw new OperationError('unavailable', 'The download was given up.');
    await selectFolder(client, ref.folder);
    const message = await requireMessage(client, ref.uid);
    const attachment = part === undefined ? undefined : findAttachment(message.bodyStructure, part);
    const { content } = await client.download(String(ref.uid), part, { uid: true, decodeText: false });
    if (!content) throw new OperationError('not-found', 'There is no such attachment.');
    return {
      filename: attachment?.filename ?? `${fileStem(message.envelope?.subject)}.eml`,
      contentType: attachment?.contentType ?? 'message/rfc822',
      content: holdLease(content, lease, signal),
    };
  } catch (error) {
    lease.release();
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
export function downloadPart(
  mail: MailClient,
  ref: MessageRef & { part: string },
  signal?: AbortSignal,
): Promise<Download> {
  return openStream(mail, ref, ref.part, signal);
}

/** The whole message as the server keeps it. */
export function downloadSource(mail: MailClient, ref: MessageRef, signal?: AbortSignal): Promise<Download> {
  return openStream(mail, ref, undefined, signal);
}
