import { expect, test } from 'vitest';
import { boundStructure } from './bound-structure.ts';
import { renderBodies, renderEnvelope } from './imap-structure.ts';
import { scanMessage } from './scanner.ts';
import { parseStructure } from './structure-json.ts';
import type { ImapEnvelope, MessageFacts } from './types.ts';

const KIB = 1024;
const HEADER = 'Content-Type: multipart/mixed; boundary=b\r\n';

function scanParts(header: string, part: string, count: number): MessageFacts {
  return scanMessage(Buffer.from(`${header}${HEADER}\r\n${`--b\r\n${part}\r\n`.repeat(count)}--b--\r\n`));
}

function addressesIn({ from, to, cc, bcc }: ImapEnvelope): number {
  return from.length + to.length + cc.length + bcc.length;
}

/** A message inside that names 10,000 authors in 20 KB. */
const CROWD = `Content-Type: message/rfc822\r\n\r\nFrom: ${'a,'.repeat(10_000)}\r\n\r\nx`;

test('all envelopes of a message together name 5,000 addresses, its own first', () => {
  const { imapEnvelope, root } = scanParts(`To: ${'b,'.repeat(2_000)}\r\n`, CROWD, 104);
  const inner = root.children.flatMap((child) => child.imapEnvelope ?? []);
  expect(imapEnvelope.to).toHaveLength(2_000);
  expect(inner.reduce((sum, envelope) => sum + addressesIn(envelope), 0)).toBe(3_000);
});

test('a message of 2 MB that names a million authors makes less than itself of structure', () => {
  const facts = scanParts('From: q@x.example\r\n', CROWD, 104);
  const { root, json } = boundStructure(facts.root);
  const { body, bodyStructure } = renderBodies(root);
  const rendered = renderEnvelope(facts.imapEnvelope);
  expect(facts.size).toBeGreaterThan(2_000 * KIB);
  expect(json.length + body.length + bodyStructure.length + rendered.length).toBeLessThan(facts.size);
});

test('authors who are the senders too are written once', () => {
  const facts = scanMessage(Buffer.from('Content-Type: message/rfc822\r\n\r\nFrom: only@x.example\r\n\r\n'));
  const { root, json } = boundStructure(facts.root);
  expect(json.split('"only"')).toHaveLength(2);
  expect(parseStructure(json)).toEqual(root);
  expect(parseStructure(json).imapEnvelope?.replyTo).toEqual([
    { name: null, adl: null, mailbox: 'only', host: 'x.example' },
  ]);
});

test('a structure written with the senders in it is read', () => {
  const facts = scanMessage(Buffer.from('Content-Type: message/rfc822\r\n\r\nFrom: a@x.example\r\n\r\n'));
  const { start, bodyStart, end, lines, type, subtype, encoding, parameters, imapEnvelope, children } = facts.root;
  const [child] = children;
  const inner = [child?.start, child?.bodyStart, child?.end, child?.lines, 'text', 'plain', '7bit', [], []];
  const packed = [start, bodyStart, end, lines, type, subtype, encoding, parameters, [inner], { imapEnvelope }];
  expect(parseStructure(JSON.stringify(packed))).toEqual(facts.root);
});

test('parts beyond the bound keep what finds and decodes them', () => {
  const type = `text/plain; charset=utf-8; name="${'n'.repeat(4_000)}`;
  const part = `Content-Type: ${type}"\r\nContent-Transfer-Encoding: base64\r\n\r\neA==`;
  const { root } = scanParts('', part, 200);
  const bound = boundStructure(root);
  const [first, last] = [bound.root.children[0], bound.root.children.at(-1)];
  expect(first).toEqual(root.children[0]);
  expect(last).toEqual({ ...root.children.at(-1), parameters: [['charset', 'utf-8']] });
  expect(bound.root.children).toHaveLength(200);
  expect(bound.json.length).toBeLessThan(320 * KIB);
  expect(renderBodies(bound.root).body).toContain('("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "BASE64" 4 0)');
});

test('hundreds of attachments with long names are whole', () => {
  const part = `Content-Type: application/pdf; name="${'n'.repeat(120)}"\r\nContent-ID: <${'i'.repeat(40)}@x>\r\n\r\nx`;
  const { root } = scanParts('', part, 900);
  expect(boundStructure(root).root).toBe(root);
});
