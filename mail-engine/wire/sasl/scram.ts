/** Messages of SCRAM (RFC 5802 §5, §7). What follows the ABNF comes back as fields, anything else as `undefined`. */
import { decodeSaslBase64 } from './base64.ts';

/** gs2-cbind-flag: the client cannot bind, could but thinks the server cannot, or binds by the named type. */
type ChannelBindingFlag = { flag: 'n' } | { flag: 'y' } | { flag: 'p'; type: string };

export interface ScramClientFirst {
  /** gs2-header as sent: the client repeats it in its final message. */
  header: string;
  binding: ChannelBindingFlag;
  /** Empty where none was given. */
  authorization: string;
  username: string;
  nonce: string;
  /** client-first-message-bare. */
  bare: string;
}

export interface ScramClientFinal {
  /** The `c=` attribute: gs2-header and channel binding data. */
  binding: Buffer;
  nonce: string;
  proof: Buffer;
  /** client-final-message-without-proof. */
  withoutProof: string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** saslname may hold neither NUL nor a bare `,` or `=`; `m=` in front of the username would be an extension that must be understood. */
const CLIENT_FIRST =
  /^((n|y|p=[A-Za-z0-9.-]{1,64}),(?:a=([^,\0]*))?,)(n=([^,\0]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,[A-Za-z]=[^,\0]+)*)$/;
const CLIENT_FINAL = /^(c=([A-Za-z0-9+/=]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,[A-Za-z]=[^,\0]+)*),p=([A-Za-z0-9+/=]+)$/;

function decodeText(message: Buffer): string | undefined {
  try {
    return utf8.decode(message);
  } catch {
    return undefined; // not UTF-8: not well-formed
  }
}

function decodeSaslName(text: string): string | undefined {
  if (/=(?!2C|3D)/.test(text)) return undefined;
  return text.replaceAll('=2C', ',').replaceAll('=3D', '=');
}

function parseFlag(text: string): ChannelBindingFlag {
  if (text === 'n' || text === 'y') return { flag: text };
  return { flag: 'p', type: text.slice(2) };
}

export function parseScramClientFirst(message: Buffer): ScramClientFirst | undefined {
  const [, header, flag, authzid = '', bare, name, nonce] = CLIENT_FIRST.exec(decodeText(message) ?? '') ?? [];
  if (header === undefined || flag === undefined || bare === undefined || name === undefined) return undefined;
  const authorization = decodeSaslName(authzid);
  const username = decodeSaslName(name);
  if (authorization === undefined || username === undefined || nonce === undefined) return undefined;
  return { header, binding: parseFlag(flag), authorization, username, nonce, bare };
}

export function parseScramClientFinal(message: Buffer): ScramClientFinal | undefined {
  const [, withoutProof, bound, nonce, given] = CLIENT_FINAL.exec(decodeText(message) ?? '') ?? [];
  if (withoutProof === undefined || bound === undefined || nonce === undefined || given === undefined) return undefined;
  const [binding, proof] = [decodeSaslBase64(bound), decodeSaslBase64(given)];
  if (binding === undefined || proof === undefined) return undefined;
  return { binding, nonce, proof, withoutProof };
}

export function formatScramServerFirst({
  nonce,
  salt,
  iterations,
}: {
  nonce: string;
  salt: Buffer;
  iterations: number;
}) {
  return `r=${nonce},s=${salt.toString('base64')},i=${iterations}`;
}

export function formatScramServerFinal(signature: Buffer): string {
  return `v=${signature.toString('base64')}`;
}
