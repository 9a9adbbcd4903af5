import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseEhloReply } from './ehlo-reply.ts';
import { formatReply, ReplyError, ReplyParser, type SmtpReply } from './reply.ts';

function parse(text: string, chunkSize = text.length): SmtpReply[] {
  const parser = new ReplyParser();
  const bytes = Buffer.from(text);
  const replies: SmtpReply[] = [];
  for (let at = 0; at < bytes.length; at += chunkSize) replies.push(...parser.push(bytes.subarray(at, at + chunkSize)));
  return replies;
}

describe('replies (RFC 5321 §4.2)', () => {
  test.each([1, 2, 3, 7, 1000])('single and multi-line ones, in chunks of %i bytes', (size) => {
    expect(parse('220 hi\r\n250-a\r\n250-b c\r\n250 d\r\n354\r\n', size)).toEqual([
      { code: 220, enhanced: null, lines: ['hi'] },
      { code: 250, enhanced: null, lines: ['a', 'b c', 'd'] },
      { code: 354, enhanced: null, lines: [''] },
    ]);
  });

  test('an enhanced status code counts only in the class of the reply (RFC 2034 §4)', () => {
    expect(parse('550-5.1.1 no\r\n550 5.1.1 such user\r\n')).toEqual([
      { code: 550, enhanced: '5.1.1', lines: ['no', 'such user'] },
    ]);
    expect(parse('550 4.1.1 no\r\n')).toEqual([{ code: 550, enhanced: null, lines: ['4.1.1 no'] }]);
    expect(parse('250 2.1.1000 x\r\n')[0]?.enhanced).toBeNull();
  });

  test('control characters do not get into what people read', () => {
    expect(formatReply(parse('550 a\u0000b\u001b[31mc\rd\r\n')[0]!)).toBe('550 a b [31mc d');
  });

  test('what is formatted is one line of bounded length', () => {
    expect(formatReply(parse(`554-5.7.1 ${'x'.repeat(600)}\r\n554 5.7.1 y\r\n`)[0]!)).toHaveLength(512);
    const cut = formatReply(parse(`550 ${'😀'.repeat(400)}\r\n`)[0]!, 7);
    expect([cut.length, cut.isWellFormed()]).toEqual([7, true]);
    expect(formatReply({ code: 250, enhanced: '2.0.0', lines: ['ok', '', 'id'] })).toBe('250 2.0.0 ok id');
  });

  test.each([
    ['no code', 'hello\r\n'],
    ['a code that is none', '199 x\r\n'],
    ['a code out of range', '260 x\r\n'],
    ['no space behind the code', '250x\r\n'],
    ['codes that change', '250-a\r\n251 b\r\n'],
    ['a line without end', `250 ${'x'.repeat(5000)}`],
    ['a long line', `250 ${'x'.repeat(5000)}\r\n`],
    ['a reply without end', '250-x\r\n'.repeat(200)],
  ])('refused: %s', (_, text) => {
    expect(() => parse(text)).toThrow(ReplyError);
    expect(() => parse(text, 3)).toThrow(ReplyError);
  });

  test('any bytes in any chunks: replies or a ReplyError, the same whatever the chunks', () => {
    const line = fc.oneof(
      fc.constantFrom('250-', '250 ', '250', '354 go', '\r\n', '\n', '5', '550 5.1.1 x'),
      fc.string({ maxLength: 5 }),
    );
    const outcome = (text: string, size: number) => {
      try {
        return parse(text, size);
      } catch (error) {
        if (!(error instanceof ReplyError)) throw error;
        return error.message;
      }
    };
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), fc.integer({ min: 1, max: 9 }), (lines, size) => {
        const text = `${lines.join('')}\r\n`;
        expect(outcome(text, size)).toEqual(outcome(text, text.length * 4));
      }),
    );
  });
});

test('what EHLO offers, whatever the case and order', () => {
  const [reply] = parse(
    '250-mx hi STARTTLS\r\n250-size 1000\r\n250-PIPELINING\r\n250-LIMITS RCPTMAX=5 MAILMAX=x\r\n250 DSN\r\n',
  );
  expect(parseEhloReply(reply!)).toEqual({
    startTls: false,
    chunking: false,
    requireTls: false,
    pipelining: true,
    eightBitMime: false,
    smtpUtf8: false,
    dsn: true,
    maxSizeBytes: 1000,
    maxRecipients: 5,
    maxMessages: null,
  });
});
