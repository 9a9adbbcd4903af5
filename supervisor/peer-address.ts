/**
 * The browser's address for throttling, bans and the audit log. `X-Forwarded-For` is anybody's to write: it is believed only from the proxies that
 * the configuration names, which add what they saw at its end.
 */
import type { IncomingMessage } from 'node:http';
import { createNetworkSet, type NetworkSet } from '#server/input/network.ts';

function forwardedBy(request: IncomingMessage): string[] {
  const header = request.headers['x-forwarded-for'];
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  return text.split(',').flatMap((entry) => entry.trim() || []);
}

const LOOPBACK = createNetworkSet(['127.0.0.0/8', '::1']);

/**
 * Leaves exactly one address in the header, so that nothing behind it has to judge: the last that is no proxy's. False where somebody on this
 * machine, who may well be a proxy, said for whom it asks, and was not believed.
 */
export function settlePeerAddress(request: IncomingMessage, proxies: NetworkSet): boolean {
  const forwarded = forwardedBy(request);
  const direct = request.socket.remoteAddress ?? '';
  const believed = forwarded.length === 0 || proxies.has(direct) || !LOOPBACK.has(direct);
  let address = direct;
  while (proxies.has(address)) {
    const before = forwarded.pop();
    if (before === undefined) break;
    address = before;
  }
  request.headers['x-forwarded-for'] = address;
  return believed;
}
