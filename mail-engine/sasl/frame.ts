/** What the three protocols' frames share (RFC 4954 §4, RFC 3501 §6.2.2, RFC 5034 §4): base64 a line, `*` gives up, `=` is empty. */
import { decodeSaslBase64 } from '#engine/wire/sasl/base64.ts';
import { SaslError } from './types.ts';

export function decodeResponse(text: string): Buffer {
  const bytes = decodeSaslBase64(text);
  if (bytes === undefined) throw new SaslError('malformed', 'That is not base64');
  return bytes;
}

/** The client's line in an exchange, line end included. */
export function decodeResponseLine(line: Buffer): Buffer {
  const text = line.toString('latin1');
  if (!text.endsWith('\r\n')) throw new SaslError('malformed', 'Lines must end with CRLF');
  if (text === '*\r\n') throw new SaslError('cancelled', 'Authentication cancelled');
  return decodeResponse(text.slice(0, -2));
}

export function encodeChallenge(challenge: Buffer): string {
  return challenge.toString('base64');
}
