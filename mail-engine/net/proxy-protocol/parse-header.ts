/**
 * The header a balancer puts in front of a client's bytes (HAProxy's proxy-protocol.txt). Parsing the same bytes again when
 * more have come costs at most the header's bound each time: a caller that reads drips decides how often.
 */
import { type ProxyHeader, ProxySyntaxError } from './types.ts';
import { parseVersion1, VERSION_1_START } from './version-1.ts';
import { parseVersion2, VERSION_2_START } from './version-2.ts';

function begins(bytes: Buffer, start: Buffer): boolean {
  const length = Math.min(bytes.length, start.length);
  return bytes.subarray(0, length).equals(start.subarray(0, length));
}

/** Undefined where more bytes are needed; throws ProxySyntaxError as soon as none could help. */
export function parseProxyHeader(bytes: Buffer): ProxyHeader | undefined {
  if (begins(bytes, VERSION_1_START)) {
    return bytes.length > VERSION_1_START.length ? parseVersion1(bytes) : undefined;
  }
  if (begins(bytes, VERSION_2_START)) return parseVersion2(bytes);
  throw new ProxySyntaxError('no PROXY header');
}
