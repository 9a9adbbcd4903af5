/** What a BODYSTRUCTURE says about reading a message: which part is the text, which the HTML, what is attached. */
import type { MessageStructureObject } from 'imapflow';
import type { AttachmentInfo } from '../types.ts';

export interface MessageParts {
  text: MessageStructureObject | null;
  html: MessageStructureObject | null;
  attachments: AttachmentInfo[];
}

/** A message of one part has no part number of its own: it is part 1 (RFC 9051 §6.4.5.1). */
export function partNumber(node: MessageStructureObject): string {
  return node.part ?? '1';
}

function readFilename(node: MessageStructureObject): string {
  const given = node.dispositionParameters?.filename ?? node.parameters?.name ?? '';
  // Paths and control characters have no place in a file's name.
  const safe =
    given
      .replace(/[\p{Cc}\p{Bidi_Control}]/gu, '')
      .split(/[\\/]/)
      .at(-1)
      ?.trim() ?? '';
  if (safe !== '') return safe.slice(0, 255);
  if (node.type === 'message/rfc822')
    return `${node.envelope?.subject?.replace(/[\\/:]/g, ' ').slice(0, 80) || 'message'}.eml`;
  return `attachment-${partNumber(node)}.${EXTENSIONS[node.type] ?? 'bin'}`;
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'text/plain': 'txt',
  'text/html': 'html',
  'text/calendar': 'ics',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'application/pdf': 'pdf',
};

function toAttachment(node: MessageStructureObject, related: boolean): AttachmentInfo {
  const contentId = node.id?.trim().replace(/^<|>$/g, '') || null;
  return {
    part: partNumber(node),
    filename: readFilename(node),
    contentType: node.type,
    sizeBytes: node.encoding?.toLowerCase() === 'base64' ? Math.floor(((node.size ?? 0) * 3) / 4) : (node.size ?? 0),
    contentId,
    inline: contentId !== null && node.type.startsWith('image/') && (related || node.disposition === 'inline'),
  };
}

function isBody(node: MessageStructureObject): boolean {
  const named = Boolean(node.dispositionParameters?.filename ?? node.parameters?.name);
  return node.disposition !== 'attachment' && (node.disposition !== 'inline' || !named);
}

/** The first text/plain and text/html that are not attachments are the body; every other leaf is attached. */
export function readParts(root: MessageStructureObject): MessageParts {
  const parts: MessageParts = { text: null, html: null, attachments: [] };
  const visit = (node: MessageStructureObject, parentType: string): void => {
    if (node.childNodes && node.type.startsWith('multipart/')) {
      for (const child of node.childNodes) visit(child, node.type);
      return;
    }
    if (node.type === 'text/plain' && !parts.text && isBody(node)) parts.text = node;
    else if (node.type === 'text/html' && !parts.html && isBody(node)) parts.html = node;
    else if (!isNoise(node, parentType)) parts.attachments.push(toAttachment(node, parentType === 'multipart/related'));
  };
  visit(root, '');
  return parts;
}

const SIGNATURES = new Set([
  'application/pgp-signature',
  'application/pkcs7-signature',
  'application/x-pkcs7-signature',
]);

/** Parts that only other programs read. A signature outside of multipart/signed (RFC 1847 §2.1) is a file somebody attached. */
function isNoise(node: MessageStructureObject, parentType: string): boolean {
  return (
    (parentType === 'multipart/signed' && SIGNATURES.has(node.type)) ||
    node.type === 'message/delivery-status' ||
    (parentType === 'multipart/alternative' && node.type.startsWith('text/') && node.disposition !== 'attachment')
  );
}

/** What the paper clip in the list means: something to download beside what the body shows. */
export function hasAttachments(root: MessageStructureObject): boolean {
  return readParts(root).attachments.some((attachment) => !attachment.inline);
}
