/**
 * The secret of an app password: 160 random bits that say by their form what they are, so that no costly hash is computed for them.
 * Shown as `mst-` and eight groups of four, taken with any case, spaces and hyphens.
 */
import { createHash, randomBytes } from 'node:crypto';

const PREFIX = 'mst';
const SECRET_BYTES = 20;
/** RFC 4648 §6, lower-case: no 0, 1, 8 or 9, which are taken for letters. */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const CANONICAL = /^mst[a-z2-7]{32}$/;
/** As shown, with a separator between all characters; what is longer is no app password. */
const MAX_TYPED = 128;

function encodeBase32(bytes: Buffer): string {
  const bits = BigInt(`0x${bytes.toString('hex')}`);
  const length = (bytes.length * 8) / 5;
  const digit = (index: number) => Number((bits >> BigInt(5 * (length - 1 - index))) & 31n);
  return Array.from({ length }, (_, index) => ALPHABET[digit(index)]).join('');
}

export function generateAppPassword(): string {
  const groups = encodeBase32(randomBytes(SECRET_BYTES)).match(/.{4}/g) ?? [];
  return [PREFIX, ...groups].join('-');
}

/** The one spelling of what could be an app password; undefined for anything else. */
export function canonicalAppPassword(typed: string): string | undefined {
  if (typed.length > MAX_TYPED) return undefined;
  const canonical = typed.replaceAll(/[\s-]/g, '').toLowerCase();
  return CANONICAL.test(canonical) ? canonical : undefined;
}

/** SHA-256: nothing slower is needed where nothing can be guessed. */
export function hashAppPassword(canonical: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(canonical).digest());
}
