/** SASL PLAIN (RFC 4616 §2): `[authzid] NUL authcid NUL passwd`, UTF-8. */

export interface PlainCredentials {
  authorization: string;
  authentication: string;
  password: string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** `undefined` where the message is not well-formed. */
export function parsePlain(message: Buffer): PlainCredentials | undefined {
  let text: string;
  try {
    text = utf8.decode(message);
  } catch {
    return undefined; // not UTF-8: not well-formed
  }
  const parts = text.split('\0');
  const [authorization = '', authentication = '', password = ''] = parts;
  if (parts.length !== 3 || authentication === '' || password === '') return undefined;
  return { authorization, authentication, password };
}
