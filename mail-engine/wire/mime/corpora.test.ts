/** Real and torturous messages; they are kept beside the project, so these tests need that folder. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import { renderBodies, renderEnvelope } from './imap-structure.ts';
import { createMimeScanner, scanMessage } from './scanner.ts';
import { resolveSection } from './sections.ts';
import { decodeTransfer } from './transfer-decoding.ts';
import type { MessageFacts, MimePart } from './types.ts';

const FOLDER = new URL('../../../../shared/corpora/mime', import.meta.url).pathname;
const present = existsSync(FOLDER);
const files = present
  ? readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.eml'))
  : [];

function inChunks(source: Buffer, size: number): MessageFacts {
  const scanner = createMimeScanner();
  for (let at = 0; at < source.length; at += size) scanner.write(source.subarray(at, at + size));
  return scanner.finish();
}

function countLines(source: Buffer, start: number, end: number): number {
  return source.toString('latin1', start, end).split('\n').length - 1;
}

function expectInvariants(part: MimePart, source: Buffer): void {
  expect([part.start, part.bodyStart, part.end]).toEqual([part.start, part.bodyStart, part.end].sort((a, b) => a - b));
  expect(part.lines).toBe(countLines(source, part.bodyStart, part.end));
  let previousEnd = part.bodyStart;
  for (const child of part.children) {
    expect(child.start).toBeGreaterThanOrEqual(previousEnd);
    expect(child.end).toBeLessThanOrEqual(part.end);
    if (part.type === 'multipart') expectBoundaryBefore(child, part, source);
    previousEnd = child.end;
    expectInvariants(child, source);
  }
}

/** Between a part and what is before it stands exactly one delimiter line. */
function expectBoundaryBefore(child: MimePart, parent: MimePart, source: Buffer): void {
  const boundary = parent.parameters.find(([name]) => name === 'boundary')?.[1].trimEnd();
  const lineStart = source.lastIndexOf('\n', child.start - 2) + 1;
  const line = source.toString('utf8', lineStart, child.start);
  expect(line.trimEnd()).toBe(`--${boundary}`);
}

/** Every part addressed by its number gives the bytes the tree says. */
function expectSections(container: MimePart, facts: MessageFacts, path: readonly number[]): void {
  const parts = container.type === 'multipart' ? container.children : [container];
  for (const [index, part] of parts.entries()) {
    const number = [...path, index + 1];
    expect(resolveSection(facts.root, facts.headSize, number, 'body')).toEqual({
      start: part.bodyStart,
      end: part.end,
    });
    expect(resolveSection(facts.root, facts.headSize, number, 'mime')).toEqual({
      start: part.start,
      end: part.bodyStart,
    });
    const embedded = part.type === 'message' ? part.children[0] : undefined;
    if (embedded !== undefined) expectSections(embedded, facts, number);
    else if (part.type === 'multipart' && part !== container) expectSections(part, facts, number);
  }
}

/** Leaves, and embedded messages as wholes. */
function* contents(part: MimePart): Generator<MimePart> {
  if (part.children.length === 0 || part.type === 'message') yield part;
  for (const child of part.children) yield* contents(child);
}

/** Parsers differ in line ends and in whether the last one belongs to the content. */
function comparable(content: Buffer): string {
  return content.toString('latin1').replaceAll('\r\n', '\n').trimEnd();
}

describe.skipIf(!present)(present ? 'corpora' : 'corpora: skipped, there is no ../shared/corpora/mime', () => {
  test('there are messages', () => expect(files.length).toBeGreaterThan(200));

  test.each(files)('%s', (name) => {
    const source = readFileSync(join(FOLDER, name));
    const facts = scanMessage(source);
    expect(facts.root).toMatchObject({ start: 0, bodyStart: facts.headSize, end: source.length });
    expectInvariants(facts.root, source);
    expectSections(facts.root, facts, []);
    for (const size of [1, 2, 3, 7, 61, 1000]) expect(inChunks(source, size)).toEqual(facts);
    const { body, bodyStructure } = renderBodies(facts.root);
    for (const rendered of [renderEnvelope(facts.imapEnvelope), body, bodyStructure]) {
      expect(`${rendered.at(0)} ${rendered.at(-1)}`).toBe('( )');
    }
  });

  test('the attachments another parser finds are parts of ours, decoded', async () => {
    let compared = 0;
    for (const name of files) {
      const source = readFileSync(join(FOLDER, name));
      const { attachments } = await simpleParser(source, { maxHtmlLengthToParse: 1 });
      const parts = [...contents(scanMessage(source).root)];
      const ours = parts.map((part) =>
        comparable(decodeTransfer(source.subarray(part.bodyStart, part.end), part.encoding)),
      );
      for (const { content } of attachments) {
        expect(ours).toContain(comparable(content));
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(150);
  });
});
