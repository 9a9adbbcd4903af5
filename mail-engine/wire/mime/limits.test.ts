import { expect, test } from 'vitest';
import { createMimeScanner, scanMessage } from './scanner.ts';
import type { MimePart } from './types.ts';

function deepest(part: MimePart): number {
  return 1 + Math.max(0, ...part.children.map(deepest));
}

function leaf(part: MimePart): MimePart {
  const child = part.children[0];
  return child === undefined ? part : leaf(child);
}

test('multiparts nested beyond the depth become one opaque part', () => {
  let text = '';
  for (let level = 0; level < 10_000; level++)
    text += `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n`;
  const facts = scanMessage(Buffer.from(text), { depth: 10 });
  expect(facts.truncated).toBe(true);
  expect(deepest(facts.root)).toBe(10);
  expect(leaf(facts.root)).toMatchObject({ type: 'application', subtype: 'octet-stream', end: text.length });
});

test('messages nested beyond the depth become one opaque part', () => {
  const text = 'Content-Type: message/rfc822\r\n\r\n'.repeat(10_000);
  const facts = scanMessage(Buffer.from(text));
  expect(facts.truncated).toBe(true);
  expect(deepest(facts.root)).toBe(64);
  expect(leaf(facts.root)).toMatchObject({ type: 'application', subtype: 'octet-stream', end: text.length });
});

test('parts beyond the limit stay in their multipart', () => {
  const text = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(50)}--b--\r\n`;
  const facts = scanMessage(Buffer.from(text), { parts: 10 });
  expect(facts.truncated).toBe(true);
  expect(facts.root.children).toHaveLength(9);
  expect(facts.root.end).toBe(text.length);
});

test('a multipart that may have no part at all is opaque', () => {
  const text = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n';
  expect(scanMessage(Buffer.from(text), { parts: 1 })).toMatchObject({
    truncated: true,
    root: { type: 'application', subtype: 'octet-stream', children: [] },
  });
});

test('100,000 header fields: the first are read, the rest is counted', () => {
  const scanner = createMimeScanner();
  scanner.write(Buffer.from('Subject: kept\r\n'));
  for (let index = 0; index < 100_000; index++) scanner.write(Buffer.from(`X-Field-${index}: ${index}\r\n`));
  scanner.write(Buffer.from('From: lost@x.example\r\n\r\nbody\r\n'));
  const facts = scanner.finish();
  expect(facts).toMatchObject({ truncated: true, imapEnvelope: { subject: 'kept', from: [] }, preview: 'body' });
  expect(facts.size - facts.headSize).toBe('body\r\n'.length);
});

test('headers of many parts are read up to a common bound', () => {
  const part = `--b\r\nContent-Description: ${'d'.repeat(900)}\r\n\r\n\r\n`;
  const text = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${part.repeat(100)}--b--\r\n`;
  const facts = scanMessage(Buffer.from(text), { headerBytes: 1000 });
  const described = facts.root.children.filter((child) => child.description !== null);
  expect(facts.truncated).toBe(true);
  expect(facts.root.children).toHaveLength(100);
  expect(described.length).toBeGreaterThan(5);
  expect(described.length).toBeLessThan(10);
});

test('an over-long boundary makes the multipart opaque', () => {
  const boundary = 'b'.repeat(3000);
  const text = `Content-Type: multipart/mixed; boundary=${boundary}\r\n\r\n--${boundary}\r\n\r\nx\r\n--${boundary}--`;
  expect(scanMessage(Buffer.from(text))).toMatchObject({
    truncated: true,
    root: { type: 'application', children: [] },
  });
});

test('a line of 10 MB that begins like a boundary is passed without being kept', () => {
  const scanner = createMimeScanner();
  scanner.write(Buffer.from('Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n--b'));
  const filler = Buffer.alloc(64 * 1024, 0x62);
  for (let count = 0; count < 160; count++) scanner.write(filler);
  scanner.write(Buffer.from('\r\n--b--'));
  const [part] = scanner.finish().root.children;
  expect(part && part.end - part.bodyStart).toBe(3 + 160 * filler.length);
});

test('quotes and comments never closed do not slow or stop it', () => {
  const text = `From: ${'"('.repeat(50_000)}\r\nContent-Type: text/plain; ${'a="('.repeat(20_000)}\r\nTo: ${'(<@'.repeat(20_000)}\r\n\r\n`;
  expect(scanMessage(Buffer.from(text)).root.type).toBe('text');
});
