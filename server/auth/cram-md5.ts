/**
 * The key CRAM-MD5 (RFC 2195) needs: the two HMAC-MD5 states of the password, sealed (AES-256-GCM) under a key derived from the
 * installation's secret. Not the password, but as good as it for this mechanism: who has the database and the secret can sign in
 * with it, and can guess at the password at the speed of MD5. So it is kept only while a setting says so, and only then.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { normalForm } from '../text/normal-form.ts';
import { hmacMd5, hmacMd5States, STATE_BYTES } from './md5-state.ts';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SEALED_BYTES = NONCE_BYTES + 2 * STATE_BYTES + TAG_BYTES;

/** `secret` is the installation's. */
export function deriveCramMd5Key(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'mailstead cram-md5', 32));
}

/** Nonce, sealed states, tag. */
export function sealCramMd5(key: Buffer, password: string): Uint8Array<ArrayBuffer> {
  const { inner, outer } = hmacMd5States(Buffer.from(normalForm(password)));
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce);
  const sealed = Buffer.concat([cipher.update(inner), cipher.update(outer), cipher.final()]);
  return new Uint8Array(Buffer.concat([nonce, sealed, cipher.getAuthTag()]));
}

/** Throws where it was sealed under another secret or was tampered with: a fault, not a wrong password. */
function unseal(key: Buffer, sealed: Uint8Array) {
  if (sealed.length !== SEALED_BYTES) throw new Error('A stored CRAM-MD5 key has a wrong length');
  const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const states = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  return { inner: states.subarray(0, STATE_BYTES), outer: states.subarray(STATE_BYTES) };
}

/** `digest` in lower-case hexadecimal, as RFC 2195 §2 wants it. */
export function verifyCramMd5(key: Buffer, sealed: Uint8Array, challenge: Buffer, digest: string): boolean {
  const expected = hmacMd5(unseal(key, sealed), challenge);
  const given = Buffer.from(digest, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
