import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { saslPrep } from './sasl-prep.ts';
import { deriveScramSha256, fakeScramKeys, requireScramKeys, signScramServer, verifyScramProof } from './scram.ts';

const SALT = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
const NONCE = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
/** RFC 7677 §3. */
const AUTH_MESSAGE = `n=user,r=rOprNGfwEbeRWgbNEkqO,r=${NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=${NONCE}`;
const PROOF = Buffer.from('dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=', 'base64');

const keysOf = async (password: string) =>
  requireScramKeys(await deriveScramSha256(password, { salt: SALT, iterations: 4096 }));

describe('the exchange that RFC 7677 prints', () => {
  test('is right, and the server signs it as printed', async () => {
    const keys = await keysOf('pencil');
    expect(verifyScramProof(keys, AUTH_MESSAGE, PROOF)).toBe(true);
    expect(signScramServer(keys, AUTH_MESSAGE).toString('base64')).toBe('6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=');
  });

  test('is wrong for another password, message, or proof of any length', async () => {
    expect(verifyScramProof(await keysOf('Pencil'), AUTH_MESSAGE, PROOF)).toBe(false);
    const keys = await keysOf('pencil');
    expect(verifyScramProof(keys, AUTH_MESSAGE.replace('n=user', 'n=usez'), PROOF)).toBe(false);
    for (const length of [0, 1, 31, 33, 64]) {
      expect(verifyScramProof(keys, AUTH_MESSAGE, Buffer.concat([PROOF, PROOF]).subarray(0, length))).toBe(false);
    }
    for (let at = 0; at < PROOF.length; at += 1) {
      const altered = Buffer.from(PROOF);
      altered[at] = (altered[at] ?? 0) ^ 1;
      expect(verifyScramProof(keys, AUTH_MESSAGE, altered)).toBe(false);
    }
  });
});

/** RFC 5802 §5 prints an exchange of SCRAM-SHA-1: the same algebra with another hash. */
test('the algebra is that of RFC 5802', () => {
  const nonce = 'fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j';
  const message = `n=user,r=fyko+d2lbbFgONRv9qkxdawL,r=${nonce},s=QSXCR+Q6sek8bf92,i=4096,c=biws,r=${nonce}`;
  const salted = pbkdf2Sync('pencil', Buffer.from('QSXCR+Q6sek8bf92', 'base64'), 4096, 20, 'sha1');
  const hmac = (key: Buffer, text: string) => createHmac('sha1', key).update(text).digest();
  const storedKey = createHash('sha1').update(hmac(salted, 'Client Key')).digest();
  const signature = hmac(storedKey, message);
  const proof = hmac(salted, 'Client Key').map((byte, index) => byte ^ (signature[index] ?? 0));
  expect(Buffer.from(proof).toString('base64')).toBe('v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=');
  expect(hmac(hmac(salted, 'Server Key'), message).toString('base64')).toBe('rmF9pqV8S7suAoZWja4dJRkFsKQ=');
});

test('stored keys of another form are a fault, not a wrong password, and are not quoted', () => {
  for (const text of ['', 'SCRAM-SHA-1$4096:QQ==$QQ==:QQ==', 'SCRAM-SHA-256$x:QQ==$QQ==:QQ==', 'secret']) {
    expect(() => requireScramKeys(text)).toThrow(/not in the form of RFC 5803/);
  }
});

test('a name without keys always has the same salt, another name another one', () => {
  const key = Buffer.alloc(32, 7);
  expect(fakeScramKeys(key, 'a@b.test')).toEqual(fakeScramKeys(key, 'a@b.test'));
  expect(fakeScramKeys(key, 'a@b.test').salt).not.toEqual(fakeScramKeys(key, 'c@b.test').salt);
  expect(fakeScramKeys(Buffer.alloc(32, 8), 'a@b.test').salt).not.toEqual(fakeScramKeys(key, 'a@b.test').salt);
  expect(fakeScramKeys(key, 'a@b.test').salt).toHaveLength(16);
});

/** RFC 4013 §3, without what it prohibits. */
test.each([
  ['I\u00adX', 'IX'],
  ['user', 'user'],
  ['USER', 'USER'],
  ['\u00aa', 'a'],
  ['\u2168', 'IX'],
  ['a\u00a0b\u3000c', 'a b c'],
  ['a\u200bb\u200dc\ufeff', 'a bc'],
  ['e\u0301', '\u00e9'],
])('SASLprep of %j', (text, expected) => expect(saslPrep(text)).toBe(expected));
