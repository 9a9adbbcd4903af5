import { Readable } from 'node:stream';
import { type Download, isSafeInline } from '#server/webmail/messages/download.ts';

/** RFC 6266: an ASCII name for old programs, the real one in UTF-8 beside it. */
function contentDisposition(kind: 'attachment' | 'inline', filename: string): string {
  const ascii = filename.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(filename.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
  return `${kind}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

/** HEAD (RFC 9110 §9.3.2) wants the header fields alone: nobody would read the stream, nor end it. */
function bodyFor(method: string, { content }: Download): ReadableStream<Uint8Array> | null {
  if (method !== 'HEAD') return Readable.toWeb(content) as ReadableStream<Uint8Array>;
  content.destroy();
  return null;
}

/**
 * Bytes of somebody's mail from our own origin: always as a download, never sniffed, run by nothing. Only raster images may be
 * shown in place. The answer to a request of `method`.
 */
export function downloadResponse(download: Download, method: string, inline: boolean): Response {
  const shown = inline && isSafeInline(download.contentType);
  return new Response(bodyFor(method, download), {
    headers: {
      'Content-Type': shown ? download.contentType : safeType(download.contentType),
      'Content-Disposition': contentDisposition(shown ? 'inline' : 'attachment', download.filename),
      'Content-Security-Policy': `sandbox; default-src 'none'`,
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': 'same-origin',
      // The URL names no mailbox: from a cache the next person who signs in would be shown it.
      'Cache-Control': 'private, no-store',
    },
  });
}

/** Types a browser might open as a page are served as plain bytes. */
function safeType(type: string): string {
  return /^(?:image\/(?:png|jpeg|gif|webp|avif|bmp)|application\/(?:pdf|zip)|audio\/[a-z0-9.-]+|video\/[a-z0-9.-]+|message\/rfc822)$/i.test(
    type,
  )
    ? type
    : 'application/octet-stream';
}
