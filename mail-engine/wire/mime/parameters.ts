/** Content-Type and Content-Disposition values: `value *(";" attribute "=" value)` with RFC 2231's continuations and charsets. */
import { HeaderLexer } from '../address/header-lexer.ts';
import { decodeCharset } from './charset.ts';
import type { Parameter } from './types.ts';

const MAX_PARAMETERS = 64;
const MAX_VALUE_LENGTH = 4096;
const SEMICOLON = 0x3b;
const EQUALS = 0x3d;
const QUOTE = 0x22;

export interface ParameterisedValue {
  /** What stands before the first `;`, comments removed, lower-case. */
  value: string;
  parameters: Parameter[];
}

export function parseParameterised(text: string): ParameterisedValue {
  const lexer = new HeaderLexer(text);
  let value = '';
  while (!lexer.atEnd && lexer.peek() !== SEMICOLON) {
    lexer.skipCfws();
    value += lexer.peek() === QUOTE ? lexer.takeQuotedString() : lexer.takeUntil(';"');
  }
  return { value: value.toLowerCase(), parameters: joinExtended(readParameters(lexer)) };
}

function readParameters(lexer: HeaderLexer): Parameter[] {
  const parameters: Parameter[] = [];
  while (parameters.length < MAX_PARAMETERS && !lexer.atEnd) {
    lexer.skipCfws();
    if (lexer.accept(SEMICOLON)) continue;
    const name = lexer.takeUntil('=;"').toLowerCase();
    lexer.skipCfws();
    if (lexer.accept(EQUALS)) {
      const value = readValue(lexer);
      if (name !== '') parameters.push([name, value.slice(0, MAX_VALUE_LENGTH)]);
    }
    skipToSemicolon(lexer);
  }
  return parameters;
}

/** A token, a quoted-string, or (wrong but common) several unquoted words: file names with spaces. */
function readValue(lexer: HeaderLexer): string {
  lexer.skipCfws();
  if (lexer.peek() === QUOTE) return lexer.takeQuotedString();
  let value = lexer.takeUntil(';');
  for (;;) {
    lexer.skipCfws();
    const word = lexer.takeUntil(';=');
    if (word === '' || lexer.peek() === EQUALS) return value;
    value += ` ${word}`;
  }
}

function skipToSemicolon(lexer: HeaderLexer): void {
  while (!lexer.atEnd && lexer.peek() !== SEMICOLON) {
    if (lexer.peek() === QUOTE) lexer.takeQuotedString();
    else lexer.position++;
  }
}

interface Section {
  index: number;
  encoded: boolean;
  value: string;
}

const EXTENDED = /^([^*]+)\*(?:(\d{1,3})(\*)?)?$/;

/** `name*=charset'language'%XX…` and `name*0=`, `name*1*=` become one `name` (RFC 2231 §3, §4); others stay in their place. */
function joinExtended(parameters: Parameter[]): Parameter[] {
  if (!parameters.some(([name]) => name.includes('*'))) return firstOfEach(parameters);
  const sections = new Map<string, Section[]>();
  const plain: Parameter[] = [];
  for (const [name, value] of parameters) {
    const match = EXTENDED.exec(name);
    const base = match?.[1];
    if (match === null || base === undefined) {
      plain.push([name, value]);
      continue;
    }
    const list = sections.get(base) ?? [];
    list.push({ index: Number(match[2] ?? 0), encoded: match[2] === undefined || match[3] !== undefined, value });
    sections.set(base, list);
  }
  // The extended form wins over a plain one kept for old readers (RFC 6266 §4.3 for the same pair in HTTP).
  const joined = [...sections].map(([name, list]): Parameter => [name, joinSections(list)]);
  return firstOfEach([...joined, ...plain]);
}

function joinSections(sections: Section[]): string {
  sections.sort((left, right) => left.index - right.index);
  let charset = '';
  const bytes: Buffer[] = [];
  for (const [position, section] of sections.entries()) {
    let { value } = section;
    if (position === 0 && section.encoded) {
      const match = /^([^']*)'[^']*'/.exec(value);
      charset = match?.[1] ?? '';
      value = value.slice(match?.[0].length ?? 0);
    }
    bytes.push(section.encoded ? percentDecode(value) : Buffer.from(value, 'utf8'));
  }
  return decodeCharset(Buffer.concat(bytes), charset).slice(0, MAX_VALUE_LENGTH);
}

function percentDecode(value: string): Buffer {
  const pieces = value.split(/%([0-9a-f]{2})/i);
  return Buffer.concat(pieces.map((piece, index) => Buffer.from(piece, index % 2 === 1 ? 'hex' : 'utf8')));
}

function firstOfEach(parameters: readonly Parameter[]): Parameter[] {
  const seen = new Map<string, Parameter>();
  for (const parameter of parameters) if (!seen.has(parameter[0])) seen.set(parameter[0], parameter);
  return [...seen.values()];
}
