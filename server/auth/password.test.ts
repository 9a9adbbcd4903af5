import { argon2Sync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createAccountCredentials, hashPassword, verifyPassword } from './password.ts';
import { findPasswordProblem, generatePassword } from './password-rules.ts';
import { deriveScramSha256 } from './scram.ts';

function phc(password: string, memory: number, passes: number): string {
  const nonce = Buffer.alloc(16, 7);
  const tag = argon2Sync('argon2id', { message: password, nonce, parallelism: 1, tagLength: 32, memory, passes });
  const [salt, hash] = [nonce, tag].map((bytes) => bytes.toString('base64').replaceAll('=', ''));
  return `$argon2id$v=19$m=${memory},t=${passes},p=1$${salt}$${hash}`;
}

describe('a stored password', () => {
  test('is verified by its password alone, and is never the same twice', async () => {
    const [first, second] = [await hashPassword('correct horse'), await hashPassword('correct horse')];
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(first).not.toBe(second);
    expect(await verifyPassword(first, 'correct horse')).toEqual({ ok: true, needsRehash: false });
    expect(await verifyPassword(first, 'correct horsf')).toEqual({ ok: false, needsRehash: false });
    expect(await verifyPassword(first, '')).toEqual({ ok: false, needsRehash: false });
  });

  test('made with other parameters is verified, and asks to be hashed anew only by the right password', async () => {
    const weak = phc('old password', 1024, 1);
    expect(await verifyPassword(weak, 'old password')).toEqual({ ok: true, needsRehash: true });
    expect(await verifyPassword(weak, 'other password')).toEqual({ ok: false, needsRehash: false });
  });

  test('typed composed or decomposed is the same', async () => {
    const hash = await hashPassword('caf\u00e9 au lait');
    expect((await verifyPassword(hash, 'cafe\u0301 au lait')).ok).toBe(true);
  });

  test.each([
    ['empty', ''],
    ['plain text', 'secret'],
    [
      'another algorithm',
      '$argon2i$v=19$m=1024,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    ],
    [
      'more memory than allowed',
      '$argon2id$v=19$m=9999999,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    ],
    [
      'more passes than allowed',
      '$argon2id$v=19$m=1024,t=999,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    ],
  ])('that is %s is a fault, not a wrong password, and is not quoted', async (_, stored) => {
    await expect(verifyPassword(stored, 'secret')).rejects.toThrow(/not argon2id in PHC form/);
  });
});

test('a new password brings its SCRAM keys with it', async () => {
  const { passwordHash, scramSha256 } = await createAccountCredentials('a new password');
  expect((await verifyPassword(passwordHash, 'a new password')).ok).toBe(true);
  const [, iterations, salt = ''] = /^SCRAM-SHA-256\$(\d+):([^$]+)\$/.exec(scramSha256) ?? [];
  const again = await deriveScramSha256('a new password', {
    salt: Buffer.from(salt, 'base64'),
    iterations: Number(iterations),
  });
  expect(again).toBe(scramSha256);
  expect(Number(iterations)).toBeGreaterThanOrEqual(4096);
});

describe('a new password', () => {
  test.each([
    ['nine char', 'at least 10'],
    ['x'.repeat(257), 'at most 256'],
    ['ANN@Example.org', 'other than the address'],
    ['aaaaaaaaaaaa', 'not the same one'],
    ['Password123', 'tried first'],
    ['tab\tin the middle', 'can be typed'],
  ])('%j is refused with what to do', (password, words) => {
    expect(findPasswordProblem(password, 'ann@example.org')).toContain(words);
  });

  test('of ten characters of any kind is accepted', () => {
    for (const good of ['ten chars!', 'пароль из слов', '🐎🔋📎🌳🐎🔋📎🌳🐎🔋', 'x y'.repeat(85)]) {
      expect(findPasswordProblem(good, 'ann@example.org')).toBeUndefined();
    }
  });

  test('that is generated is accepted, and another one each time', () => {
    const made = new Set(Array.from({ length: 200 }, generatePassword));
    expect(made.size).toBe(200);
    for (const password of made) {
      expect(password).toMatch(/^[a-z2-9]{5}(-[a-z2-9]{5}){3}$/);
      expect(findPasswordProblem(password, 'ann@example.org')).toBeUndefined();
    }
  });
});
