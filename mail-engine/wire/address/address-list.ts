/**
 * Address lists of header fields as ENVELOPE wants them (RFC 5322 §3.4 with the obsolete forms of §4.4; RFC 9051 §7.5.2).
 * Never throws: what cannot be understood becomes a mailbox without host or is passed over. A mailbox without a domain has
 * the empty host, because a null host marks a group.
 */
import { HeaderLexer } from './header-lexer.ts';

/** Shape of the IMAP address: a group opens with `mailbox` = its name and host null, and ends with all null. */
export interface ListedAddress {
  name: string | null;
  adl: string | null;
  mailbox: string | null;
  host: string | null;
}

/** One field names at most this many addresses, unless fewer are wanted; the others are passed over. */
const MAX_ADDRESSES = 10_000;

const AT = 0x40;
const COMMA = 0x2c;
const COLON = 0x3a;
const SEMICOLON = 0x3b;
const LESS = 0x3c;
const GREATER = 0x3e;
const QUOTE = 0x22;
const BRACKET = 0x5b;

/** At most `limit` entries, and one more where that is the end of a group. */
export function parseAddressList(value: string, limit = MAX_ADDRESSES): ListedAddress[] {
  const reader = new ListReader(value, limit);
  return reader.read();
}

/** False where an angle address holds anything but one address, so that readers would take it in different ways. */
export function isUnambiguous(value: string): boolean {
  const reader = new ListReader(value, MAX_ADDRESSES);
  reader.read();
  return !reader.ambiguous;
}

function commentName(lexer: HeaderLexer): string | null {
  return lexer.comment?.trim() || null;
}

class ListReader {
  private readonly lexer: HeaderLexer;
  private readonly limit: number;
  private readonly found: ListedAddress[] = [];
  private inGroup = false;
  ambiguous = false;

  constructor(value: string, limit: number) {
    this.lexer = new HeaderLexer(value);
    this.limit = limit;
  }

  read(): ListedAddress[] {
    while (!this.lexer.atEnd && this.found.length < this.limit) {
      const before = this.lexer.position;
      this.readAddress();
      if (this.lexer.position === before) this.lexer.position++;
    }
    if (this.inGroup) this.endGroup();
    return this.found;
  }

  /** One mailbox, group start or separator. */
  private readAddress(): void {
    const { lexer } = this;
    lexer.comment = null;
    const words = this.takePhrase();
    if (lexer.accept(LESS)) this.readAngleAddress(words.join(' '));
    else if (lexer.accept(AT)) this.readBareAddress(words.join(''));
    else if (!this.inGroup && words.length > 0 && lexer.accept(COLON)) this.startGroup(words.join(' '));
    else {
      if (words.length > 0) this.add(commentName(lexer), null, words.join(' '), '');
      if (lexer.accept(SEMICOLON) && this.inGroup) this.endGroup();
      else lexer.accept(COMMA);
    }
  }

  /** Words (atoms, quoted strings, dots of obs-phrase) up to a special that says what they were. */
  private takePhrase(): string[] {
    const { lexer } = this;
    const words: string[] = [];
    let glued = false;
    for (;;) {
      if (lexer.skipCfws()) glued = false;
      if (lexer.atEnd) return words;
      const quoted = lexer.peek() === QUOTE;
      const word = quoted ? lexer.takeQuotedString() : lexer.takeUntil('"<>@,:;');
      if (word === '' && !quoted) return words;
      const last = words.at(-1);
      if (glued && last !== undefined) words[words.length - 1] = last + word;
      else words.push(word);
      glued = true;
    }
  }

  private readAngleAddress(name: string): void {
    const { lexer } = this;
    lexer.skipCfws();
    const adl = lexer.peek() === AT ? this.takeRoute() : null;
    const mailbox = this.takePhrase().join('');
    const host = lexer.accept(AT) ? this.takeDomain() : '';
    lexer.skipCfws();
    this.ambiguous ||= adl !== null || lexer.peek() !== GREATER;
    while (!lexer.atEnd && lexer.peek() !== GREATER && lexer.peek() !== COMMA) lexer.position++;
    lexer.accept(GREATER);
    lexer.skipCfws();
    this.add(name === '' ? null : name, adl, mailbox, host);
    this.endItem();
  }

  /** `local@domain (Name)`, the form older than the angle brackets. */
  private readBareAddress(mailbox: string): void {
    const { lexer } = this;
    lexer.comment = null;
    const host = this.takeDomain();
    lexer.skipCfws();
    this.add(commentName(lexer), null, mailbox, host);
    this.endItem();
  }

  /** obs-route: `@a,@b:`; kept as ENVELOPE's at-domain-list. */
  private takeRoute(): string {
    const { lexer } = this;
    const start = lexer.position;
    while (!lexer.atEnd && lexer.peek() !== COLON && lexer.peek() !== GREATER) lexer.position++;
    const route = lexer.text.slice(start, lexer.position).trim();
    lexer.accept(COLON);
    return route;
  }

  private takeDomain(): string {
    const { lexer } = this;
    lexer.skipCfws();
    if (lexer.peek() === BRACKET) {
      const close = lexer.text.indexOf(']', lexer.position);
      const end = close === -1 ? lexer.text.length : close + 1;
      const literal = lexer.text.slice(lexer.position, end);
      lexer.position = end;
      return literal;
    }
    const labels: string[] = [];
    for (;;) {
      const label = lexer.takeUntil('"<>@,:;');
      labels.push(label);
      const mark = lexer.position;
      lexer.skipCfws();
      // obs-domain lets CFWS stand around the dots; any other word behind a space is not of the domain.
      if (label === '' || !(label.endsWith('.') || lexer.text.charAt(lexer.position) === '.')) {
        lexer.position = mark;
        return labels.join('');
      }
    }
  }

  private startGroup(name: string): void {
    this.inGroup = true;
    this.found.push({ name: null, adl: null, mailbox: name, host: null });
  }

  private endGroup(): void {
    this.inGroup = false;
    this.found.push({ name: null, adl: null, mailbox: null, host: null });
  }

  private endItem(): void {
    if (this.lexer.accept(SEMICOLON)) {
      if (this.inGroup) this.endGroup();
    } else this.lexer.accept(COMMA);
  }

  private add(name: string | null, adl: string | null, mailbox: string, host: string): void {
    if (mailbox === '' && host === '' && name === null) return;
    this.found.push({ name, adl, mailbox, host });
  }
}
