import { expect, test } from 'vitest';
import { decodeCharset, decodeTransfer } from './decode-text.ts';
import { toPreview } from './preview.ts';
import { hasAttachments, readParts } from './structure.ts';

test('a message of one part is part 1', () => {
  const parts = readParts({ type: 'text/html', size: 3 });
  expect(parts.html?.type).toBe('text/html');
  expect(parts.attachments).toEqual([]);
});

test('body, inline image and attachment are told apart', () => {
  const parts = readParts({
    type: 'multipart/mixed',
    childNodes: [
      {
        part: '1',
        type: 'multipart/related',
        childNodes: [
          { part: '1.1', type: 'text/html' },
          { part: '1.2', type: 'image/png', id: '<logo@x>', encoding: 'base64', size: 400 },
        ],
      },
      {
        part: '2',
        type: 'text/plain',
        disposition: 'attachment',
        dispositionParameters: { filename: '../../etc/pass\u202ewd' },
      },
    ],
  });
  expect(parts.html?.part).toBe('1.1');
  expect(parts.text).toBeNull();
  expect(parts.attachments).toMatchObject([
    { part: '1.2', contentId: 'logo@x', inline: true, sizeBytes: 300, filename: 'attachment-1.2.png' },
    { part: '2', inline: false, filename: 'passwd' },
  ]);
});

test('a signature file is an attachment, the signature of the message is not', () => {
  const signature = { part: '2', type: 'application/pgp-signature', dispositionParameters: { filename: 'a.tgz.sig' } };
  const childNodes = [{ part: '1', type: 'text/plain' }, signature];
  expect(readParts({ type: 'multipart/mixed', childNodes }).attachments).toMatchObject([{ filename: 'a.tgz.sig' }]);
  expect(readParts({ type: 'multipart/signed', childNodes }).attachments).toEqual([]);
});

test('an inline image alone is no attachment', () => {
  const childNodes = [
    { part: '1', type: 'text/html' },
    { part: '2', type: 'image/png', id: '<a@x>' },
  ];
  expect(hasAttachments({ type: 'multipart/related', childNodes })).toBe(false);
});

test('text comes out of every transfer encoding and charset', () => {
  expect(decodeTransfer(Buffer.from('caf=C3=A9=\r\n!  \r\n'), 'QUOTED-PRINTABLE').toString()).toBe('café!\r\n');
  expect(decodeTransfer(Buffer.from('Y2Fmw6k='), 'base64').toString()).toBe('café');
  expect(decodeCharset(Buffer.from([0xe9]), 'ISO-8859-1')).toBe('é');
  expect(decodeCharset(Buffer.from([0xe9]), 'no-such-charset')).toBe('é');
  expect(decodeCharset(Buffer.from('é'), undefined)).toBe('é');
  expect(decodeCharset(Buffer.from([0x93, 0xfa, 0x96, 0x7b]), 'shift_jis')).toBe('日本');
  expect(decodeCharset(Buffer.from([0xff, 0xfe]), 'utf-8')).toBe('\ufffd\ufffd');
});

test('a preview leaves quotations, links, signatures and invisible padding out', () => {
  expect(toPreview('Hi\u200c\u00ad  there\n> old\nsee https://x.example/long\n-- \nOlga')).toBe('Hi there see');
});
