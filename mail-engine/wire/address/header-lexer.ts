/**
 * Lexical tokens of structured header fields (RFC 5322 §3.2, obsolete forms of §4.1) over an unfolded field value.
 * Never throws and always advances: malformed input ends a token early, an unterminated one at the end of the value.
 */

const SPACE = 0x20;
const TAB = 0x09;
const QUOTE = 0x22;
const OPEN = 0x28;
const CLOSE = 0x29;
const BACKSLASH = 0x5c;

function isWhiteSpace(code: number): boolean {
  return code === SPACE || code === TAB || code === 0x0d || code === 0x0a;
}

export class HeaderLexer {
  readonly text: string;
  position = 0;
  /** Text of the last comment skipped; a caller that wants it clears it first. */
  comment: string | null = null;

  constructor(text: string) {
    this.text = text;
  }

  get atEnd(): boolean {
    return this.position >= this.text.length;
  }

  /** Code of the character at the cursor, NaN at the end. */
  peek(): number {
    return this.text.charCodeAt(this.position);
  }

  /** CFWS (RFC 5322 §3.2.2). True where anything was skipped. */
  skipCfws(): boolean {
    const start = this.position;
    for (; this.position < this.text.length; ) {
      const code = this.peek();
      if (isWhiteSpace(code)) this.position++;
      else if (code === OPEN) this.comment = this.takeComment();
      else break;
    }
    return this.position > start;
  }

  /** True, and the cursor behind it, where the next character is `code`. */
  accept(code: number): boolean {
    if (this.peek() !== code) return false;
    this.position++;
    return true;
  }

  /** Content of the quoted-string at the cursor with its quoted-pairs resolved. */
  takeQuotedString(): string {
    let content = '';
    let runStart = ++this.position;
    for (; this.position < this.text.length; this.position++) {
      const code = this.peek();
      if (code !== QUOTE && code !== BACKSLASH) continue;
      content += this.text.slice(runStart, this.position);
      this.position++;
      if (code === QUOTE) return content;
      runStart = this.position;
    }
    return content + this.text.slice(runStart, this.position);
  }

  /** Characters up to white space, a comment or one of `stops`; empty where the cursor is on one of them. */
  takeUntil(stops: string): string {
    const start = this.position;
    for (; this.position < this.text.length; this.position++) {
      const code = this.peek();
      if (isWhiteSpace(code) || code === OPEN || stops.includes(this.text.charAt(this.position))) break;
    }
    return this.text.slice(start, this.position);
  }

  private takeComment(): string {
    const start = ++this.position;
    for (let depth = 1; this.position < this.text.length; this.position++) {
      const code = this.peek();
      if (code === BACKSLASH) this.position++;
      else if (code === OPEN) depth++;
      else if (code === CLOSE && --depth === 0) {
        return this.text.slice(start, this.position++);
      }
    }
    this.position = this.text.length;
    return this.text.slice(start);
  }
}
