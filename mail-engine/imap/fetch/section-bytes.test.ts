import { expect, test } from 'vitest';
import type { MessageReader } from '#engine/store/types.ts';
import type { Section } from '#engine/wire/imap/section.ts';
import { scanMessage } from '#engine/wire/mime/scanner.ts';
import { SectionReader } from './section-bytes.ts';

const MESSAGE = Buffer.from(
  [
    'Content-Type: multipart/mixed; boundary=b',
    'Subject: outer',
    '',
    '--b',
    'Content-Type: message/rfc822',
    '',
    'Subject: inner',
    '',
    'x',
    '--b--',
    '',
  ].join('\r\n'),
);

test('the fields of a header are read once, however many sections name some', async () => {
  let reads = 0;
  const reader = {
    uid: 1,
    size: MESSAGE.length,
    prefixSize: 0,
    structure: scanMessage(MESSAGE).root,
    read: async (start: number, end: number) => {
      reads += 1;
      return MESSAGE.subarray(start, end);
    },
  } as MessageReader;
  const sections = new SectionReader(reader);
  const subject = async (path: number[]) => {
    const section: Section = { path, text: 'HEADER.FIELDS', fields: ['subject'] };
    const found = await sections.find(section, null);
    return found.kind === 'bytes' && found.bytes.toString();
  };
  for (let round = 0; round < 50; round += 1) expect(await subject([])).toBe('Subject: outer\r\n\r\n');
  expect(reads).toBe(1);
  expect(await subject([1])).toBe('Subject: inner\r\n\r\n');
});
