import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DataDecoder } from './data-decoder.ts';
import { DotStuffer } from './dot-stuffing.ts';
import { LineCheck } from './line-check.ts';

interface Outcome {
  content: string;
  problem: string | null;
  /** What came after the end; undefined where no end was found. */
  rest: string | undefined;
}

function decode(chunks: readonly Buffer[], maxLineBytes = 1_000_000): Outcome {
  const decoder = new DataDecoder(maxLineBytes);
  const pieces: Buffer[] = [];
  for (const [index, chunk] of chunks.entries()) {
    const end = decoder.decode(chunk, (piece) => pieces.push(piece));
    if (end === undefined) continue;
    const rest = Buffer.concat([chunk.subarray(end), ...chunks.slice(index + 1)]).toString('latin1');
    return { content: decoder.problem ? '' : Buffer.concat(pieces).toString('latin1'), problem: decoder.problem, rest };
  }
  return { content: '', problem: null, rest: undefined };
}

const decodeText = (text: string, maxLineBytes?: number) => decode([Buffer.from(text, 'latin1')], maxLineBytes);

/** Where there is a NUL too, which of the problems is seen first depends on the chunks. */
const SPOILT = 'nul or another';

function coarse(outcome: Outcome, text: string): Outcome {
  return outcome.problem !== null && text.includes('\0') ? { ...outcome, problem: SPOILT } : outcome;
}

/** The table of the module's head, byte by byte: slow and obvious. */
function reference(text: string): Outcome {
  const end = /(?:^|\r\n)\.\r\n/.exec(text);
  const body = end ? text.slice(0, end.index + (end[0].length > 3 ? 2 : 0)) : text;
  const bare = /\r(?!\n)|(?<!\r)\n/.exec(body);
  const lineProblem = bare ? (bare[0] === '\r' ? 'bare-cr' : 'bare-lf') : null;
  const problem = body.replace(/(^|\r\n)\./g, '$1').includes('\0') ? SPOILT : lineProblem;
  if (!end) return { content: '', problem: null, rest: undefined };
  const content = problem ? '' : body.replace(/(^|\r\n)\./g, '$1');
  return { content, problem, rest: text.slice(end.index + end[0].length) };
}

function split(text: string, cuts: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text, 'latin1');
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, index) => bytes.subarray(from, places[index] ?? bytes.length));
}

describe('ends and unstuffing', () => {
  test.each([
    ['an empty message', '.\r\n', '', ''],
    ['one line', 'a\r\n.\r\n', 'a\r\n', ''],
    ['what follows the end stays', 'a\r\n.\r\nMAIL', 'a\r\n', 'MAIL'],
    ['a doubled period', '..a\r\n.\r\n', '.a\r\n', ''],
    ['a line of two periods', 'a\r\n..\r\n.\r\n', 'a\r\n.\r\n', ''],
    ['a period that was not doubled is dropped (§4.5.2)', '.a\r\n.\r\n', 'a\r\n', ''],
    ['periods inside a line', 'a.b.\r\n.\r\n', 'a.b.\r\n', ''],
    ['bytes above 0x7f', '\xe9\xff\r\n.\r\n', '\xe9\xff\r\n', ''],
    ['only the first end counts', 'a\r\n.\r\n.\r\n', 'a\r\n', '.\r\n'],
  ])('%s', (_name, text, content, rest) => expect(decodeText(text)).toEqual({ content, problem: null, rest }));
});

/** Every published way to make two servers disagree on the end of the data. */
const SMUGGLING: readonly (readonly [sequence: string, problem: string])[] = [
  ['\n.\n', 'bare-lf'],
  ['\n.\r\n', 'bare-lf'],
  ['\r\n.\n', 'bare-lf'],
  ['\r.\r\n', 'bare-cr'],
  ['\r\n.\r', 'bare-cr'],
  ['\r.\r', 'bare-cr'],
  ['\n.\r', 'bare-lf'],
  ['\r.\n', 'bare-cr'],
  ['\r\r\n.\r\r\n', 'bare-cr'],
  ['\r\n.\r\r\n', 'bare-cr'],
  ['\r\n\n.\r\n', 'bare-lf'],
  ['\n\r\n.\n', 'bare-lf'],
  ['\r\n.\n\r\n', 'bare-lf'],
  ['\n\n.\r\n', 'bare-lf'],
  ['\n\r.\r\n', 'bare-lf'],
  ['\r\n.\r\0\n', 'bare-cr'],
  ['\r\n\0.\r\n', 'nul'],
  ['\r\n.\0\r\n', 'nul'],
  ['\r\0\n.\r\n', 'bare-cr'],
];

describe('smuggling', () => {
  const inner = 'MAIL FROM:<smuggled@example.com>\r\nDATA\r\ninner';
  test.each(SMUGGLING)('%j does not end the data', (sequence, problem) => {
    const outcome = decodeText(`outer${sequence}${inner}\r\n.\r\nQUIT\r\n`);
    expect(outcome.rest).toBe('QUIT\r\n');
    expect(outcome.problem).toBe(problem);
  });

  test.each(SMUGGLING)('%j leaves doubt behind a line that is too long, too', (sequence) => {
    const decoder = new DataDecoder(100);
    decoder.decode(Buffer.from(`${'x'.repeat(200)}\r\nouter${sequence}${inner}\r\n.\r\n`), () => undefined);
    expect(decoder).toMatchObject({ problem: 'line-too-long', isInDoubt: true });
  });

  test('a line that is too long leaves no doubt', () => {
    const decoder = new DataDecoder(100);
    decoder.decode(Buffer.from(`${'x'.repeat(200)}\r\n.\r\n`), () => undefined);
    expect(decoder).toMatchObject({ problem: 'line-too-long', isInDoubt: false });
  });
});

test('a line longer than the bound is refused, one of the bound is not', () => {
  expect(decodeText(`${'x'.repeat(98)}\r\n.\r\n`, 100).problem).toBeNull();
  expect(decodeText(`${'x'.repeat(99)}\r\n.\r\n`, 100)).toMatchObject({ problem: 'line-too-long', rest: '' });
});

const nasty = fc
  .array(fc.constantFrom('\r\n', '\r', '\n', '.', '..', 'a', 'bc', '\0', '\r\n.\r\n', '\r\n.', '.\r\n', '\xff'), {
    maxLength: 25,
  })
  .map((pieces) => pieces.join(''));

test('any bytes give what the table says', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      expect(coarse(decodeText(text), text)).toEqual(coarse(reference(text), text));
    }),
    { numRuns: 5000 },
  );
});

test('any cutting into chunks gives the same', () => {
  fc.assert(
    fc.property(nasty, fc.array(fc.nat(), { maxLength: 12 }), (text, cuts) => {
      expect(coarse(decode(split(text, cuts)), text)).toEqual(coarse(decodeText(text), text));
    }),
    { numRuns: 3000 },
  );
});

test('what a client stuffs comes back, however both sides cut it', () => {
  const lines = fc.array(fc.constantFrom('', '.', '..', '.a', 'a.', 'text', '\xe9'), { maxLength: 20 });
  fc.assert(
    fc.property(lines, fc.array(fc.nat(), { maxLength: 8 }), (content, cuts) => {
      const message = content.map((line) => `${line}\r\n`).join('');
      const stuffer = new DotStuffer();
      const sent = split(message, cuts).flatMap((chunk) => stuffer.stuff(chunk));
      expect(decode([...sent, stuffer.end()])).toEqual({ content: message, problem: null, rest: '' });
    }),
  );
});

test('BDAT content: bare line ends and NUL are found in any cutting, an open last line is closed', () => {
  fc.assert(
    fc.property(nasty, fc.array(fc.nat(), { maxLength: 12 }), (text, cuts) => {
      const check = new LineCheck(1_000_000);
      for (const chunk of split(text, cuts)) check.check(chunk);
      const added = check.finish().toString();
      const bare = /\r(?!\n)|(?<!\r)\n/.exec(text);
      if (text.includes('\0')) expect(check.problem).not.toBeNull();
      else expect(check.problem).toBe(bare ? (bare[0] === '\r' ? 'bare-cr' : 'bare-lf') : null);
      if (check.problem === null) expect(added).toBe(text === '' || text.endsWith('\r\n') ? '' : '\r\n');
    }),
    { numRuns: 2000 },
  );
});
