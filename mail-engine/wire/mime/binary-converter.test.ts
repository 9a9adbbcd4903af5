import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { BinaryConverter } from './binary-converter.ts';
import { scanMessage } from './scanner.ts';
import { decodeTransfer } from './transfer-decoding.ts';
import type { MimePart } from './types.ts';

function convert(pieces: readonly Buffer[]): { bytes: Buffer; problem: string | null } {
  const converter = new BinaryConverter(64 * 1024);
  const out: Buffer[] = [];
  for (const piece of pieces) converter.push(piece, (content) => out.push(Buffer.from(content)));
  converter.finish((content) => out.push(Buffer.from(content)));
  return { bytes: Buffer.concat(out), problem: converter.problem };
}

const convertText = (text: string) => convert([Buffer.from(text, 'latin1')]);

function leaves(part: MimePart): MimePart[] {
  return part.children.length === 0 ? [part] : part.children.flatMap(leaves);
}

/** Decoded bodies of the leaf parts. */
function bodies(message: Buffer): Buffer[] {
  const { root } = scanMessage(message);
  return leaves(root).map((part) => decodeTransfer(message.subarray(part.bodyStart, part.end), part.encoding));
}

/** CR and LF only together, no NUL, no long line where base64 is. */
function expectLines(message: Buffer): void {
  expect(message.toString('latin1').replaceAll('\r\n', '')).not.toMatch(/[\r\n\0]/);
}

/** What is wrong in every way binary may be. */
const NASTY = '\0\r\n.\r\n\n.\n\r.\r--b\r\n--bx\r\n\r\n--\r\n-\r\r\n\xff\xfe';

describe('a binary body', () => {
  test('of the whole message becomes base64, octet for octet', () => {
    const { bytes, problem } = convertText(
      `Subject: x\r\nContent-Type: image/png\r\ncontent-transfer-encoding : BINARY (as is)\r\nX: y\r\n\r\n${NASTY}`,
    );
    expect(problem).toBeNull();
    expect(bytes.toString('latin1')).toMatch(
      /^Subject: x\r\nContent-Type: image\/png\r\nX: y\r\nContent-Transfer-Encoding: base64\r\n\r\n[A-Za-z0-9+/=\r\n]+\r\n$/,
    );
    expect(bodies(bytes)[0]?.toString('latin1')).toBe(NASTY);
  });

  test('among others leaves them as they are', () => {
    const message =
      'Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: binary\r\n\r\npreamble\r\n' +
      '--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b  \r\n' +
      `Content-Transfer-Encoding: binary\r\n\r\n${NASTY.replaceAll('--b\r', '--c\r')}\r\n--b\r\n` +
      'Content-Type: text/x\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\xe4\r\n--b--\r\nepilogue';
    const { bytes, problem } = convertText(message);
    expect(problem).toBeNull();
    expectLines(bytes);
    const text = bytes.toString('latin1');
    expect(text).toContain('boundary=b\r\nContent-Transfer-Encoding: 8bit\r\n\r\npreamble\r\n--b\r\n');
    expect(text).toMatch(/\r\n--b--\r\nepilogue\r\n$/);
    expect(bodies(bytes).map((body) => body.toString('latin1'))).toEqual([
      'hello',
      NASTY.replaceAll('--b\r', '--c\r'),
      '\xe4',
    ]);
  });

  test('inside an embedded message is found', () => {
    const { bytes } = convertText(
      'Content-Type: multipart/digest; boundary=o\r\n\r\n--o\r\n\r\nSubject: in\r\nContent-Type: multipart/mixed; boundary="i i"\r\n' +
        'Content-Transfer-Encoding: binary\r\n\r\n--i i\r\nContent-Transfer-Encoding: binary\r\n\r\na\nb\r\n--o\r\nContent-Type: message/rfc822\r\n' +
        'Content-Transfer-Encoding: binary\r\n\r\nContent-Transfer-Encoding: binary\r\n\r\n\0\r\n--o--',
    );
    expectLines(bytes);
    expect(bodies(bytes).map((body) => body.toString('latin1'))).toEqual(['a\nb', '\0']);
  });

  test('may be empty, or begin with its boundary', () => {
    const part = 'Content-Transfer-Encoding: binary\r\n\r\n';
    const { bytes } = convertText(
      `Content-Type: multipart/x; boundary=b\r\n\r\n--b\r\n${part}--b\r\n${part}\r\n--b--\r\n`,
    );
    expect(bodies(bytes).map((body) => body.toString())).toEqual(['', '']);
  });
});

test('what has nothing binary passes as it is, an open last line closed', () => {
  const message =
    'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n-- \r\n--\r\n--bb\r\n-\r\nx\r\n--b--\r\nend';
  expect(convertText(message).bytes.toString()).toBe(`${message}\r\n`);
  expect(convertText('').bytes.toString()).toBe('');
  expect(convertText('Subject: only a header').bytes.toString()).toBe('Subject: only a header\r\n');
});

test.each([
  ['X: a\nb\r\n\r\n', 'bare-lf'],
  ['X: a\rb\r\n\r\n', 'bare-cr'],
  ['X: a\0b\r\n\r\n', 'nul'],
  ['X: y\r\n\r\nlabelled\nas text', 'bare-lf'],
  ['X: y\r\n\r\nlabelled\0as text', 'nul'],
  ['X: y\r\n\r\nends in CR\r', 'bare-cr'],
  ['Content-Type: multipart/x; boundary=b\r\n\r\n\n--b\r\n\r\n', 'bare-lf'],
  ['Content-Type: multipart/x; boundary=b\r\n\r\n--b\r\nX: y\r\n--b\r\n\r\n', 'broken-mime'],
  [`X: ${'y\r\n '.repeat(50_000)}\r\n\r\n`, 'broken-mime'],
  [`X: ${'y'.repeat(70_000)}\r\n\r\n`, 'line-too-long'],
])('%j is refused: %s', (message, problem) => {
  expect(convertText(message.slice(0, 200_000)).problem).toBe(problem);
});

test('nesting has a bound', () => {
  const deep = Array.from(
    { length: 70 },
    (_, i) => `Content-Type: multipart/x; boundary=b${i}\r\n\r\n--b${i}\r\n`,
  ).join('');
  expect(convertText(deep).problem).toBe('broken-mime');
});

test('cut anywhere, the outcome is the same; decoded, every binary body is what was sent', () => {
  const octet = fc.oneof(fc.constantFrom(0, 13, 10, 45, 46, 98), fc.nat(255));
  const body = fc.array(octet, { maxLength: 300 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(
      fc.array(body, { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(2_000), { maxLength: 12 }),
      (parts, at) => {
        const boundary = 'a-boundary-that-no-body-has';
        const pieces = [Buffer.from(`Content-Type: multipart/x; boundary=${boundary}\r\n\r\n`)];
        for (const part of parts) {
          pieces.push(
            Buffer.from(`--${boundary}\r\nContent-Transfer-Encoding: binary\r\n\r\n`),
            part,
            Buffer.from('\r\n'),
          );
        }
        const message = Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]);
        const cuts = [0, ...at.map((cut) => Math.min(cut, message.length)), message.length].sort((a, b) => a - b);
        const { bytes, problem } = convert(cuts.slice(1).map((cut, index) => message.subarray(cuts[index], cut)));
        expect(problem).toBeNull();
        expectLines(bytes);
        expect(bodies(bytes)).toEqual(parts);
        expect(bytes.equals(convert([message]).bytes)).toBe(true);
        const bytewise = Array.from({ length: message.length }, (_, index) => message.subarray(index, index + 1));
        expect(convert(bytewise).bytes.equals(bytes)).toBe(true);
      },
    ),
    { numRuns: 200 },
  );
});

/** How many bytes are searched and joined while `run` does its work. */
function bytesHandled(run: () => void): number {
  const indexOf = vi.spyOn(Buffer.prototype, 'indexOf');
  const concat = vi.spyOn(Buffer, 'concat');
  onTestFinished(() => void vi.restoreAllMocks());
  run();
  const searched = indexOf.mock.contexts.map((bytes, call) => {
    const found = Number(indexOf.mock.results[call]?.value);
    return (found < 0 ? bytes.length : found) - Number(indexOf.mock.calls[call]?.[1] ?? 0);
  });
  const joined = concat.mock.calls.flatMap(([pieces]) => pieces.map(({ length }) => length));
  return [...searched, ...joined].reduce((sum, length) => sum + length, 0);
}

test('a header that comes byte by byte costs what its bytes cost', () => {
  const header = Buffer.from(`X: y\r\n${'x: some words\r\n'.repeat(2_000)}\r\n`);
  const converter = new BinaryConverter(64 * 1024);
  let emitted = 0;
  const handled = bytesHandled(() => {
    for (const byte of header) {
      converter.push(Buffer.from([byte]), (content) => {
        emitted += content.length;
      });
    }
  });
  expect(emitted).toBe(header.length);
  expect(handled).toBeLessThan(50 * header.length);
});
