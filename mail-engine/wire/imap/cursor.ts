/**
 * Byte cursor over one whole command (its lines and literals as they arrived). Methods bear the names of the productions of
 * RFC 3501 §9 as RFC 9051 §9 clarifies them; each takes exactly its production or throws ImapSyntaxError.
 * Refused: NUL anywhere, 8-bit bytes outside valid UTF-8, numbers out of range.
 */
import { Class, isIn } from './characters.ts';
import { ImapSyntaxError } from './syntax-error.ts';

const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;
const DQUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;

const MAX_NUMBER = 0xffff_ffff;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class Cursor {
  readonly bytes: Buffer;
  position = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get atEnd(): boolean {
    return this.position >= this.bytes.length;
  }

  fail(message: string): never {
    throw new ImapSyntaxError(message);
  }

  peek(): number | undefined {
    return this.bytes[this.position];
  }

  peekIs(character: string): boolean {
    return this.peek() === character.charCodeAt(0);
  }

  /** Takes `text` (ASCII, any case) where it comes next. */
  takeText(text: string): boolean {
    const end = this.position + text.length;
    if (end > this.bytes.length) return false;
    if (this.bytes.toString('latin1', this.position, end).toUpperCase() !== text.toUpperCase()) return false;
    this.position = end;
    return true;
  }

  expectText(text: string): void {
    if (!this.takeText(text)) this.fail(`Expected "${text}"`);
  }

  SP(): void {
    if (this.peek() !== SPACE) this.fail('Expected a space');
    this.position += 1;
  }

  takeSP(): boolean {
    if (this.peek() !== SPACE) return false;
    this.position += 1;
    return true;
  }

  /** The end of the command. */
  CRLF(): void {
    const found = this.bytes[this.position] === CR && this.bytes[this.position + 1] === LF;
    if (!found || this.position + 2 !== this.bytes.length) this.fail('Unexpected characters at the end of the command');
    this.position += 2;
  }

  /** One or more bytes of a class. */
  private run(characterClass: number, what: string): string {
    const start = this.position;
    while (isIn(this.bytes[this.position], characterClass)) this.position += 1;
    if (this.position === start) this.fail(`Expected ${what}`);
    return this.bytes.toString('latin1', start, this.position);
  }

  tag(): string {
    return this.run(Class.tag, 'a tag');
  }

  atom(): string {
    return this.run(Class.atom, 'an atom');
  }

  /** list-char or string (RFC 3501 `list-mailbox`): where `%` and `*` are wildcards. */
  listMailbox(): string {
    return isIn(this.peek(), Class.list) ? this.run(Class.list, 'a pattern') : this.string();
  }

  base64(): string {
    return this.run(Class.base64, 'base64');
  }

  astring(): string {
    return isIn(this.peek(), Class.astring) ? this.run(Class.astring, 'a string') : this.string();
  }

  string(): string {
    const next = this.peek();
    if (next === DQUOTE) return this.quoted();
    if (next === OPEN_BRACE) return this.literal();
    return this.fail('Expected a string');
  }

  nstring(): string | null {
    return this.takeText('NIL') ? null : this.string();
  }

  quoted(): string {
    this.expectText('"');
    const out: number[] = [];
    for (;;) {
      let byte = this.bytes[this.position++];
      if (byte === DQUOTE) return this.decode(Buffer.from(out));
      if (byte === BACKSLASH) {
        byte = this.bytes[this.position++];
        if (byte !== DQUOTE && byte !== BACKSLASH) this.fail('Only " and \\ can be escaped in a quoted string');
      }
      if (byte === undefined || byte === CR || byte === LF || byte === 0) this.fail('Unfinished quoted string');
      out.push(byte);
    }
  }

  literal(): string {
    const size = this.literalSize();
    const end = this.position + size;
    if (end > this.bytes.length) this.fail('Unfinished literal');
    const value = this.bytes.subarray(this.position, end);
    if (value.includes(0)) this.fail('NUL is not allowed in a literal');
    this.position = end;
    return this.decode(value);
  }

  /** `{n}CRLF` or `{n+}CRLF`, without the bytes it announces. */
  literalSize(): number {
    this.expectText('{');
    const size = this.number64();
    this.takeText('+');
    this.expectText('}');
    this.expectText('\r\n');
    return size;
  }

  private decode(bytes: Buffer): string {
    try {
      return utf8.decode(bytes);
    } catch {
      // TextDecoder says nothing more than "invalid".
      return this.fail('Text is not valid UTF-8');
    }
  }

  private digits(max: number): number {
    const text = this.run(Class.digit, 'a number');
    const value = Number(text);
    if (text.length > 16 || value > max) this.fail('Number is too large');
    return value;
  }

  number(): number {
    return this.digits(MAX_NUMBER);
  }

  nzNumber(): number {
    return this.number() || this.fail('Number must not be 0');
  }

  /** number64 and mod-sequence-valzer (RFC 7162 §7), up to the largest integer a double holds exactly. */
  number64(): number {
    return this.digits(Number.MAX_SAFE_INTEGER);
  }

  /** `(item item …)`, at least one; `item` takes one element. */
  parenthesized<T>(item: () => T): T[] {
    this.expectText('(');
    const items = [item()];
    while (this.takeSP()) items.push(item());
    this.expectText(')');
    return items;
  }

  isDigitNext(): boolean {
    return isIn(this.peek(), Class.digit);
  }
}
