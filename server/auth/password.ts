/**
 * Passwords as they are kept: argon2id (RFC 9106) in PHC string form, with the parameters of OWASP's password storage
 * advice. Verification is constant-time in the hash and takes the parameters from the stored string, within bounds, so that
 * a row can never ask for unbounded memory or time. A stored string that is not argon2id throws: it is a fault, not a wrong password.
 */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { normalForm } from '../text/normal-form.ts';
import { deriveScramSha256, requireScramKeys } from './scram.ts';

const derive = promisify(argon2);

interface Cost {
  /** KiB. */
  memory: number;
  passes: number;
  parallelism: number;
}

const COST: Cost = { memory: 19_456, passes: 2, parallelism: 1 };
const MAX_COST: Cost = { memory: 262_144, passes: 16, parallelism: 16 };
const SALT_BYTES = 16;
const TAG_BYTES = 32;
const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

interface Stored {
  cost: Cost;
  salt: Buffer;
  tag: Buffer;
}

function encode(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}

/** The same password typed on different systems arrives composed or decomposed: NFC makes them one (RFC 8265 §4.2). */
function toBytes(password: string): Buffer {
  return Buffer.from(normalForm(password), 'utf8');
}

function requireStored(hash: string): Stored {
  const [, memory, passes, parallelism, salt = '', tag = ''] = PHC.exec(hash) ?? [];
  const cost = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const inBounds =
    cost.memory <= MAX_COST.memory && cost.passes <= MAX_COST.passes && cost.parallelism <= MAX_COST.parallelism;
  if (!inBounds) throw new Error('A stored password hash is not argon2id in PHC form, or costs more than is allowed');
  return { cost, salt: Buffer.from(salt, 'base64'), tag: Buffer.from(tag, 'base64') };
}

function isCurrent({ cost, tag }: Stored): boolean {
  const same = cost.memory === COST.memory && cost.passes === COST.passes && cost.parallelism === COST.parallelism;
  return same && tag.length === TAG_BYTES;
}

/** `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(SALT_BYTES);
  const tag = await derive('argon2id', { message: toBytes(password), nonce, tagLength: TAG_BYTES, ...COST });
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${encode(nonce)}$${encode(tag)}`;
}

export interface PasswordVerdict {
  ok: boolean;
  /** True where the password is right and its hash was made with other parameters than today's. */
  needsRehash: boolean;
}

export async function verifyPassword(hash: string, password: string): Promise<PasswordVerdict> {
  const stored = requireStored(hash);
  const { cost, salt, tag } = stored;
  const found = await derive('argon2id', {
    message: toBytes(password),
    nonce: salt,
    tagLength: tag.length,
    ...cost,
  });
  const ok = timingSafeEqual(found, tag);
  return { ok, needsRehash: ok && !isCurrent(stored) };
}

/** Columns of an account that hold what is needed to check its password. */
export interface AccountCredentials {
  passwordHash: string;
  scramSha256: string;
}

/**
 * What is derived from an account's password when it is set; the password itself is kept nowhere. The salt of the SCRAM keys
 * `before` goes on being used: the account's app passwords have it too, and an exchange can name only one.
 */
export async function createAccountCredentials(
  password: string,
  before: { scramSha256: string | null } = { scramSha256: null },
): Promise<AccountCredentials> {
  const cost = before.scramSha256 === null ? undefined : requireScramKeys(before.scramSha256);
  const [passwordHash, scramSha256] = await Promise.all([hashPassword(password), deriveScramSha256(password, cost)]);
  return { passwordHash, scramSha256 };
}
