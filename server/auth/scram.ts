/**
 * Server-side keys of SCRAM-SHA-256 (RFC 5802 §3, RFC 7677), kept in the form of RFC 5803 §3:
 * `SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>`. They let a server check a client's proof, and prove that it knows
 * the password too, without holding it.
 */
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { saslPrep } from './sasl-prep.ts';

const derive = promisify(pbkdf2);

/**
 * RFC 7677 §4 asks for at least 4096. More slows a thief of the database; clients that use Cyrus SASL (mbsync, mutt) compute no more than
 * this, and give up signing in where it is more.
 */
const ITERATIONS = 65_536;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
const STORED = /^SCRAM-SHA-256\$(\d{1,8}):([A-Za-z0-9+/]+=*)\$([A-Za-z0-9+/]{43}=):([A-Za-z0-9+/]{43}=)$/;

/** What the client has to be told before it can compute its proof. */
export interface ScramCost {
  salt: Buffer;
  iterations: number;
}

export interface ScramKeys extends ScramCost {
  storedKey: Buffer;
  serverKey: Buffer;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function newScramCost(): ScramCost {
  return { salt: randomBytes(SALT_BYTES), iterations: ITERATIONS };
}

/** Keys for a name that has none: nothing fits them, and their salt is always the same for it. `key` is secret. */
export function fakeScramKeys(key: Buffer, name: string): ScramKeys {
  const salt = hmac(key, name).subarray(0, SALT_BYTES);
  return {
    salt,
    iterations: ITERATIONS,
    storedKey: hmac(key, `stored ${name}`),
    serverKey: hmac(key, `server ${name}`),
  };
}

export async function deriveScramSha256(password: string, { salt, iterations } = newScramCost()): Promise<string> {
  const salted = await derive(saslPrep(password), salt, iterations, KEY_BYTES, 'sha256');
  const storedKey = sha256(hmac(salted, 'Client Key'));
  const serverKey = hmac(salted, 'Server Key');
  const [saltText, stored, server] = [salt, storedKey, serverKey].map((bytes) => bytes.toString('base64'));
  return `SCRAM-SHA-256$${iterations}:${saltText}$${stored}:${server}`;
}

/** Throws where the text is not of this form: a fault, not a wrong password. */
export function requireScramKeys(text: string): ScramKeys {
  const [, iterations, salt, stored, server] = STORED.exec(text) ?? [];
  if (!iterations || !salt || !stored || !server) throw new Error('Stored SCRAM keys are not in the form of RFC 5803');
  const [saltBytes, storedKey, serverKey] = [salt, stored, server].map((value) => Buffer.from(value, 'base64'));
  if (!saltBytes || !storedKey || !serverKey) throw new Error('unreachable: three values were mapped');
  return { iterations: Number(iterations), salt: saltBytes, storedKey, serverKey };
}

/** RFC 5802 §3: ClientKey = ClientProof XOR HMAC(StoredKey, AuthMessage), and H(ClientKey) must be StoredKey. Constant in time. */
export function verifyScramProof({ storedKey }: ScramKeys, authMessage: string, proof: Buffer): boolean {
  if (proof.length !== KEY_BYTES) return false;
  const signature = hmac(storedKey, authMessage);
  const clientKey = Buffer.from(proof.map((byte, index) => byte ^ (signature[index] ?? 0)));
  return timingSafeEqual(sha256(clientKey), storedKey);
}

export function signScramServer({ serverKey }: ScramKeys, authMessage: string): Buffer {
  return hmac(serverKey, authMessage);
}
