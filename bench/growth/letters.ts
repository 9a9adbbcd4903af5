/** Different letters of 2 to 10 KiB, with what intake would have learnt of each: the real scanner and the real search text. */
import { createHash, randomBytes } from 'node:crypto';
import { type BlobFacts, blobFacts } from '#engine/store/blob/blob-facts.ts';
import { PART_MARK, readSearchable } from '#engine/store/search/searchable.ts';
import { createMimeScanner } from '#engine/wire/mime/scanner.ts';

export interface Letter {
  bytes: Buffer;
  facts: BlobFacts;
  searchText: string;
}

const SMALLEST = 2 * 1024;
const LARGEST = 10 * 1024;

/** A short text and an attachment, as most of the bytes of real mail are. */
function writeLetter(number: number, sizeBytes: number): Buffer {
  const attachment = randomBytes(Math.floor((sizeBytes * 3) / 4.1)).toString('base64');
  return Buffer.from(
    [
      `From: Writer ${number} <writer${number}@far.example>`,
      `To: reader@growth.example`,
      `Subject: Letter ${number} about ${number % 17} things`,
      'Date: Mon, 23 Nov 2026 08:00:00 +0000',
      `Message-ID: <${number}@far.example>`,
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=part',
      '',
      '--part',
      'Content-Type: text/plain; charset=utf-8',
      '',
      `This is letter ${number}. It is short, and what it is about is attached to it.`,
      '--part',
      'Content-Type: application/octet-stream',
      'Content-Transfer-Encoding: base64',
      '',
      ...(attachment.match(/.{1,76}/g) ?? []),
      '--part--',
      '',
    ].join('\r\n'),
  );
}

async function scanLetter(bytes: Buffer): Promise<Letter> {
  const scanner = createMimeScanner();
  scanner.write(bytes);
  const facts = scanner.finish();
  const sha256 = createHash('sha256').update(bytes).digest();
  const text = await readSearchable(facts.root, (start, end) => [bytes.subarray(start, end)], bytes.length);
  return { bytes, facts: blobFacts(facts, sha256), searchText: `${text.header}${PART_MARK}${text.body}` };
}

/** Sizes spread evenly between the smallest and the largest. */
export function writeLetters(count: number): Promise<Letter[]> {
  return Promise.all(
    Array.from({ length: count }, (_, number) =>
      scanLetter(writeLetter(number, SMALLEST + ((LARGEST - SMALLEST) * ((number * 7919) % count)) / count)),
    ),
  );
}
