/** CRAM-MD5 (RFC 2195 §2): what the client answers to the challenge, `user SP digest`. */

export interface CramMd5Response {
  username: string;
  /** Lower-case hexadecimal. */
  digest: string;
}

const RESPONSE = /^([^\0\r\n]+) ([0-9a-f]{32})$/i;

/** `undefined` where the message is not well-formed. */
export function parseCramMd5Response(message: Buffer): CramMd5Response | undefined {
  const [, username, digest] = RESPONSE.exec(message.toString('utf8')) ?? [];
  if (username === undefined || digest === undefined) return undefined;
  return { username, digest: digest.toLowerCase() };
}
