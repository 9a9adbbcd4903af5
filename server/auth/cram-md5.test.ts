import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deriveCramMd5Key, sealCramMd5, verifyCramMd5 } from './cram-md5.ts';
import { hmacMd5, hmacMd5States } from './md5-state.ts';

const KEY = deriveCramMd5Key('a secret of at least thirty-two characters');
/** RFC 2195 §2. */
const CHALLENGE = Buffer.from('<1896.697170952@postoffice.reston.mci.net>');
const DIGEST = 'b913a602c7eda7a495b4e6e7334d3890';

test('HMAC-MD5 from kept states is HMAC-MD5, whatever the lengths', () => {
  const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));
  fc.assert(
    fc.property(bytes, bytes, (key, text) => {
      const expected = createHmac('md5', key).update(text).digest();
      expect(hmacMd5(hmacMd5States(key), text)).toEqual(expected);
    }),
  );
});

describe('a kept key', () => {
  const sealed = sealCramMd5(KEY, 'tanstaaftanstaaf');

  test('verifies the exchange that RFC 2195 prints, and no other', () => {
    expect(verifyCramMd5(KEY, sealed, CHALLENGE, DIGEST)).toBe(true);
    expect(verifyCramMd5(KEY, sealed, Buffer.from('<another@challenge>'), DIGEST)).toBe(false);
    for (const digest of ['', 'b913', `${DIGEST}00`, DIGEST.replace('b', 'c'), 'x'.repeat(32)]) {
      expect(verifyCramMd5(KEY, sealed, CHALLENGE, digest)).toBe(false);
    }
    expect(verifyCramMd5(KEY, sealCramMd5(KEY, 'tanstaaftanstaaF'), CHALLENGE, DIGEST)).toBe(false);
  });

  test('holds neither the password nor, without the secret, what it is made of', () => {
    const states = hmacMd5States(Buffer.from('tanstaaftanstaaf'));
    for (const secret of [Buffer.from('tanstaaf'), states.inner, states.outer]) {
      expect(Buffer.from(sealed).includes(secret)).toBe(false);
    }
    expect(sealCramMd5(KEY, 'tanstaaftanstaaf')).not.toEqual(sealed);
  });

  test('that was altered, or sealed under another secret, is a fault', () => {
    const altered = new Uint8Array(sealed);
    altered[20] = (altered[20] ?? 0) ^ 1;
    expect(() => verifyCramMd5(KEY, altered, CHALLENGE, DIGEST)).toThrow();
    expect(() => verifyCramMd5(KEY, sealed.subarray(1), CHALLENGE, DIGEST)).toThrow(/wrong length/);
    const other = deriveCramMd5Key('another secret of thirty-two characters');
    expect(() => verifyCramMd5(other, sealed, CHALLENGE, DIGEST)).toThrow();
  });

  test('is the same for a password typed composed or decomposed', () => {
    const digest = createHmac('md5', 'caf\u00e9').update(CHALLENGE).digest('hex');
    expect(verifyCramMd5(KEY, sealCramMd5(KEY, 'cafe\u0301'), CHALLENGE, digest)).toBe(true);
  });
});
