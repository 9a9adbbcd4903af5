import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FieldRemover, fieldNames } from './field-remover.ts';

function remove(chunks: readonly string[]): string {
  const remover = new FieldRemover(fieldNames(['bcc', 'resent-bcc']));
  let out = '';
  const emit = (content: Buffer) => {
    out += content.toString('latin1');
  };
  for (const chunk of chunks) remover.push(Buffer.from(chunk, 'latin1'), emit);
  remover.finish(emit);
  return out;
}

test.each([
  ['To: a\r\nBcc: b,\r\n c\r\nCc: d\r\n\r\nBcc: body\r\n', 'To: a\r\nCc: d\r\n\r\nBcc: body\r\n'],
  ['BCC : b\r\n\tc\r\n\r\nx', '\r\nx'],
  ['Resent-Bcc: b\r\nBccX: kept\r\nBc: kept\r\n\r\n', 'BccX: kept\r\nBc: kept\r\n\r\n'],
  ['Bcc: all there is\r\n', ''],
  ['\r\nBcc: body\r\n', '\r\nBcc: body\r\n'],
  ['Bcc', 'Bcc'],
  ['', ''],
])('%j', (text, expected) => expect(remove([text])).toBe(expected));

test('any cutting into chunks gives the same', () => {
  const line = fc.constantFrom(
    'Bcc: x\r\n',
    ' folded\r\n',
    'To: y\r\n',
    'Resent-Bcc:z\r\n',
    '\r\n',
    'bcc',
    'Bcc  \t: q\r\n',
    'B',
    ':',
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 10 }), (lines, cuts) => {
      const text = lines.join('');
      const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
      const chunks = [0, ...places].map((from, index) => text.slice(from, places[index] ?? text.length));
      expect(remove(chunks)).toBe(remove([text]));
    }),
    { numRuns: 2000 },
  );
});
