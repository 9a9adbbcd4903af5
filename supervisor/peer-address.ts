/**
 * The browser's address for throttling and the audit log. `X-Forwarded-For` is anybody's to write: it is believed only from a proxy on this
 * machine, and of it only the last entry, which is the one that proxy added.
 */
import type { IncomingMessage } from 'node:http';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** Leaves exactly one address in the header, so that nothing behind it has to judge. */
export function settlePeerAddress(request: IncomingMessage): void {
  const direct = request.socket.remoteAddress ?? '';
  const forwarded = request.headers['x-forwarded-for'];
  const last = (Array.isArray(forwarded) ? forwarded.join(',') : forwarded)?.split(',').at(-1)?.trim();
  request.headers['x-forwarded-for'] = LOOPBACK.has(direct) && last ? last : direct;
}
