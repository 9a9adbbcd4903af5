import { createPrivateKey, type KeyObject } from 'node:crypto';
import { OperationError } from '../actor/errors.ts';

/** What a handshake may cost: signing with a longer RSA key takes the machine too long. */
const RSA_BITS = { min: 2_048, max: 4_096 };
const CURVES = ['prime256v1', 'secp384r1', 'secp521r1'];

function wrongKey(message: string): OperationError {
  return new OperationError('invalid', message, { key: message });
}

function parseKey(pem: string): KeyObject {
  if (/ENCRYPTED/.test(pem)) {
    throw wrongKey('This key is protected by a passphrase. Remove it first (openssl pkey -in key.pem -out plain.pem).');
  }
  try {
    return createPrivateKey({ key: pem, format: 'pem' });
  } catch {
    // What OpenSSL says of it helps nobody, and may quote it.
    throw wrongKey('This is not a private key in PEM form (-----BEGIN PRIVATE KEY-----).');
  }
}

/** A private key that TLS can use; anything else is `invalid` on the field `key`. */
export function readKey(pem: string): KeyObject {
  const key = parseKey(pem);
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  switch (key.asymmetricKeyType) {
    case 'rsa':
      if (modulusLength >= RSA_BITS.min && modulusLength <= RSA_BITS.max) return key;
      throw wrongKey(`RSA keys of ${RSA_BITS.min} to ${RSA_BITS.max} bits can be used; this one has ${modulusLength}.`);
    case 'ec':
      if (CURVES.includes(namedCurve)) return key;
      throw wrongKey('Keys on the curves P-256, P-384 and P-521 can be used.');
    case 'ed25519':
      return key;
    default:
      throw wrongKey('RSA, ECDSA and Ed25519 keys can be used.');
  }
}
