import { expect, test } from 'vitest';
import { decodeSaslBase64 } from './base64.ts';
import { parseOauthBearer, parseXoauth2 } from './bearer.ts';
import { parsePlain } from './plain.ts';

test.each([
  ['\0tim\0tanstaaftanstaaf', { authorization: '', authentication: 'tim', password: 'tanstaaftanstaaf' }],
  ['Ursel\0Kurt\0xipj3plmq', { authorization: 'Ursel', authentication: 'Kurt', password: 'xipj3plmq' }],
  ['tim\0pass', undefined],
  ['\0tim\0pass\0more', undefined],
  ['\0\0pass', undefined],
  ['\0tim\0', undefined],
  ['', undefined],
])('PLAIN %j', (text, expected) => expect(parsePlain(Buffer.from(text))).toEqual(expected));

test('PLAIN that is not UTF-8 is refused', () =>
  expect(parsePlain(Buffer.from('\0a\0\xff', 'latin1'))).toBeUndefined());

test.each([
  [
    'n,a=user@example.com,\x01host=server.example.com\x01port=143\x01auth=Bearer vF9dft4qmT==\x01\x01',
    'user@example.com',
    'vF9dft4qmT==',
  ],
  ['n,,\x01auth=bearer abc\x01\x01', '', 'abc'],
  ['y,a=a=2Cb@example.com,\x01auth=Bearer abc\x01\x01', 'a,b@example.com', 'abc'],
])('OAUTHBEARER %j', (text, authorization, token) =>
  expect(parseOauthBearer(Buffer.from(text))).toEqual({ authorization, token }),
);

test.each([
  '',
  'n,,',
  'n,,\x01\x01',
  'n,,\x01auth=Basic abc\x01\x01',
  'p=tls,,\x01auth=Bearer a\x01\x01',
  'n,,\x01auth=Bearer a\x01',
])('OAUTHBEARER %j is refused', (text) => expect(parseOauthBearer(Buffer.from(text))).toBeUndefined());

test('XOAUTH2', () => {
  const message = Buffer.from('user=a@example.com\x01auth=Bearer abc\x01\x01');
  expect(parseXoauth2(message)).toEqual({ authorization: 'a@example.com', token: 'abc' });
  expect(parseXoauth2(Buffer.from('auth=Bearer abc\x01\x01'))).toBeUndefined();
});

test.each([
  ['=', ''],
  ['', ''],
  ['AHRpbQ==', '\0tim'],
  ['AHRpbQ', undefined],
  ['not base64', undefined],
])('base64 %j', (text, expected) => expect(decodeSaslBase64(text)?.toString()).toBe(expected));
