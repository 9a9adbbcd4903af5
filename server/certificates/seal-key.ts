/**
 * Private keys rest encrypted (AES-256-GCM) under a key derived from the installation's secret: who has the database alone has none
 * of them. Sealed to the certificate they belong to, so that rows cannot be mixed.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

function deriveKey(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'mailstead certificate key', 32));
}

/** Nonce, encrypted PEM, tag. */
export function sealKey(secret: string, fingerprint: string, keyPem: string): Uint8Array<ArrayBuffer> {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, deriveKey(secret), nonce).setAAD(Buffer.from(fingerprint));
  const sealed = Buffer.concat([cipher.update(keyPem, 'utf8'), cipher.final()]);
  return new Uint8Array(Buffer.concat([nonce, sealed, cipher.getAuthTag()]));
}

/** Throws where it was sealed under another secret, to another certificate, or was tampered with. */
export function openKey(secret: string, fingerprint: string, sealed: Uint8Array): string {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new Error('A stored private key is cut short');
  const decipher = createDecipheriv(CIPHER, deriveKey(secret), sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(fingerprint)).setAuthTag(sealed.subarray(-TAG_BYTES));
  const opened = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  return opened.toString('utf8');
}
