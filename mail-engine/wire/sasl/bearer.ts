/** OAUTHBEARER (RFC 7628 §3.1) and its forerunner XOAUTH2: what the client says, and the error challenge it is owed. */

export interface BearerCredentials {
  /** authzid of OAUTHBEARER, `user` of XOAUTH2; empty where none was given. */
  authorization: string;
  token: string;
}

const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

function parsePairs(pairs: readonly string[]): Map<string, string> {
  return new Map(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [pair, ''] : [pair.slice(0, at).toLowerCase(), pair.slice(at + 1)];
    }),
  );
}

/** `gs2-header kvsep *(key "=" value kvsep) kvsep`; channel binding is refused. `undefined` where it is not well-formed. */
export function parseOauthBearer(message: Buffer): BearerCredentials | undefined {
  const text = message.toString('utf8');
  const [start = '', ...pairs] = text.split('\x01');
  const header = /^[ny],(?:a=([^,]*))?,$/.exec(start);
  if (!header || !text.endsWith('\x01\x01')) return undefined;
  const token = BEARER.exec(parsePairs(pairs).get('auth') ?? '')?.[1];
  if (token === undefined) return undefined;
  const authorization = (header[1] ?? '').replaceAll('=2C', ',').replaceAll('=3D', '=');
  return { authorization, token };
}

/** `user=… ^A auth=Bearer … ^A ^A`. */
export function parseXoauth2(message: Buffer): BearerCredentials | undefined {
  const text = message.toString('utf8');
  const pairs = parsePairs(text.split('\x01'));
  const token = BEARER.exec(pairs.get('auth') ?? '')?.[1];
  const user = pairs.get('user');
  if (token === undefined || user === undefined || !text.endsWith('\x01\x01')) return undefined;
  return { authorization: user, token };
}

/** The failure challenge (RFC 7628 §3.2.2), which the client answers with `^A` before it is refused. */
export const INVALID_TOKEN_CHALLENGE = Buffer.from(JSON.stringify({ status: 'invalid_token', schemes: 'bearer' }));
