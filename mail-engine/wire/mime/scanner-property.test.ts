import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderBodies, renderEnvelope } from './imap-structure.ts';
import { createMimeScanner, scanMessage } from './scanner.ts';
import { parseStructure, serializeStructure } from './structure-json.ts';
import type { MimePart } from './types.ts';

/** A message as it was generated: what the scanner must find. */
interface Known {
  kind: 'leaf' | 'multipart' | 'message';
  header: string;
  body: string;
  children: Known[];
}

const lineEnd = fc.constantFrom('\r\n', '\n');
const word = fc.stringMatching(/^[a-zA-Z0-9 .=-]{0,20}$/);
const bodyText = fc.array(word, { maxLength: 6 });

function leaf(eol: string): fc.Arbitrary<Known> {
  return fc.tuple(fc.constantFrom('text/plain', 'text/html', 'image/png'), bodyText).map(([type, lines]) => ({
    kind: 'leaf',
    header: `Content-Type: ${type}${eol}X-Other: a${eol} b${eol}${eol}`,
    // No line of a generated body begins with the boundaries below.
    body: lines.join(eol),
    children: [],
  }));
}

function entity(eol: string, depth: number): fc.Arbitrary<Known> {
  if (depth === 0) return leaf(eol);
  const parts = fc.array(entity(eol, depth - 1), { minLength: 1, maxLength: 3 });
  const multipart = fc
    .tuple(parts, bodyText, bodyText, fc.boolean())
    .map(([children, preamble, epilogue, open]): Known => {
      const boundary = `B=${depth}`.repeat(depth);
      const inside = children.map((child) => `--${boundary}${eol}${child.header}${child.body}${eol}`).join('');
      return {
        kind: 'multipart',
        header: `Content-Type: multipart/mixed;${eol}\tboundary="${boundary}"${eol}${eol}`,
        body: `${preamble.map((line) => line + eol).join('')}${inside}--${boundary}${open ? '-- ' : '--'}${eol}${epilogue.join(eol)}`,
        children,
      };
    });
  const message = entity(eol, depth - 1).map((child): Known => {
    return {
      kind: 'message',
      header: `Content-Type: message/rfc822${eol}${eol}`,
      body: child.header + child.body,
      children: [child],
    };
  });
  return fc.oneof(leaf(eol), multipart, message);
}

const known = lineEnd.chain((eol) => entity(eol, 4));

function expectPart(part: MimePart, expected: Known, source: Buffer): void {
  expect(source.toString('latin1', part.start, part.bodyStart)).toBe(expected.header);
  expect(source.toString('latin1', part.bodyStart, part.end)).toBe(expected.body);
  expect(part.lines).toBe(expected.body.split('\n').length - 1);
  expect(part.children).toHaveLength(expected.children.length);
  for (const [index, child] of part.children.entries()) expectPart(child, expected.children[index] as Known, source);
}

function scanInChunks(source: Buffer, sizes: readonly number[]): ReturnType<typeof scanMessage> {
  const scanner = createMimeScanner();
  for (let at = 0, turn = 0; at < source.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    scanner.write(source.subarray(at, at + size));
    at += size;
  }
  return scanner.finish();
}

const chunkSizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });

test('every part of a generated message is the slice it was generated as', () => {
  fc.assert(
    fc.property(known, (expected) => {
      const source = Buffer.from(expected.header + expected.body, 'latin1');
      expectPart(scanMessage(source).root, expected, source);
    }),
    { numRuns: 500 },
  );
});

test('facts do not depend on where the chunks end', () => {
  fc.assert(
    fc.property(known, chunkSizes, (expected, sizes) => {
      const source = Buffer.from(expected.header + expected.body, 'latin1');
      expect(scanInChunks(source, sizes)).toEqual(scanMessage(source));
    }),
    { numRuns: 300 },
  );
});

/** Bits of messages in any order: far more likely to be nasty than random bytes. */
const fragment = fc.constantFrom(
  ...[
    '\r\n',
    '\n',
    '\r',
    '\r\n\r\n',
    '--',
    '--b',
    '--b--',
    '--c',
    ' ',
    '\t',
    ':',
    ';',
    '"',
    '(',
    ')',
    '<',
    '>',
    '=?',
    '?=',
  ],
  ...['Content-Type: multipart/mixed; boundary=b\r\n', 'Content-Type: multipart/digest; boundary="c"\r\n'],
  ...[
    'Content-Type: message/rfc822\r\n',
    'Content-Type: text/html; charset=x\r\n',
    'Content-Transfer-Encoding: base64\n',
  ],
  ...[
    "Content-Disposition: attachment; filename*0*=utf-8''%e4; filename*1=\"",
    'From: "a',
    'To: x: y;',
    'Subject: ä\0',
  ],
);
const garbage = fc.oneof(
  fc.array(fragment, { maxLength: 60 }).map((parts) => Buffer.from(parts.join(''))),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
);

function expectNested(part: MimePart, source: Buffer): void {
  expect(part.start).toBeLessThanOrEqual(part.bodyStart);
  expect(part.bodyStart).toBeLessThanOrEqual(part.end);
  expect(part.lines).toBe(source.toString('latin1', part.bodyStart, part.end).split('\n').length - 1);
  let previousEnd = part.bodyStart;
  for (const child of part.children) {
    expect(child.start).toBeGreaterThanOrEqual(previousEnd);
    expect(child.end).toBeLessThanOrEqual(part.end);
    previousEnd = child.end;
    expectNested(child, source);
  }
}

test('garbage never throws, nests its offsets, renders and survives the database', () => {
  fc.assert(
    fc.property(garbage, chunkSizes, (source, sizes) => {
      const facts = scanMessage(source);
      expect(facts.root).toMatchObject({ start: 0, bodyStart: facts.headSize, end: source.length });
      expectNested(facts.root, source);
      expect(scanInChunks(source, sizes)).toEqual(facts);
      expect(parseStructure(serializeStructure(facts.root))).toEqual(facts.root);
      const { body, bodyStructure } = renderBodies(facts.root);
      for (const rendered of [body, bodyStructure, renderEnvelope(facts.imapEnvelope)]) {
        expect(rendered.at(0)).toBe('(');
        expect(rendered.at(-1)).toBe(')');
        expect(rendered.includes('\0')).toBe(false);
      }
    }),
    { numRuns: 1000 },
  );
});
