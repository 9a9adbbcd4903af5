/**
 * SMTP replies as a client reads them (RFC 5321 §4.2, RFC 2034 §4), from bytes in chunks of any size.
 * Bounded: a line, a reply's lines and nothing else are kept. Refused: what does not start with a reply code, codes that
 * change within a reply, and a line or reply without end. A bare LF ends a line too: nothing hangs on it on this side.
 */

export interface SmtpReply {
  code: number;
  /** Enhanced status code of the first line, where its class agrees with the reply code (RFC 2034 §4). */
  enhanced: string | null;
  /** Text of each line without code, enhanced status code or control characters. */
  lines: readonly string[];
}

export class ReplyError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ReplyError';
  }
}

/** RFC 5321 §4.5.3.1.5 allows 512; real servers put URLs in their refusals. */
const MAX_LINE_BYTES = 4096;
const MAX_LINES = 128;
const LF = 0x0a;
const REPLY_LINE = /^([2-5][0-5]\d)(?:([ -])(.*))?$/s;
const ENHANCED = /^([245])\.\d{1,3}\.\d{1,3}(?= |$)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
const CONTROLS = /[\x00-\x1f\x7f]+/g;

function takeEnhanced(code: number, text: string): string | null {
  const [enhanced, digit] = ENHANCED.exec(text) ?? [];
  return enhanced !== undefined && digit === String(code)[0] ? enhanced : null;
}

export class ReplyParser {
  #rest: Buffer = Buffer.alloc(0);
  #code = 0;
  #enhanced: string | null = null;
  #lines: string[] = [];

  /** Replies that became complete with `chunk`. Throws ReplyError, after which the parser is of no more use. */
  push(chunk: Buffer): SmtpReply[] {
    const replies: SmtpReply[] = [];
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF)) {
      if (end > MAX_LINE_BYTES) throw new ReplyError('reply line too long');
      const reply = this.#takeLine(bytes.subarray(0, end).toString('utf8').replace(/\r$/, ''));
      if (reply) replies.push(reply);
      bytes = bytes.subarray(end + 1);
    }
    if (bytes.length > MAX_LINE_BYTES) throw new ReplyError('reply line too long');
    this.#rest = Buffer.from(bytes);
    return replies;
  }

  /** True where a reply has begun and not ended, or bytes wait. */
  get pending(): boolean {
    return this.#rest.length > 0 || this.#lines.length > 0;
  }

  #takeLine(line: string): SmtpReply | undefined {
    const [matched, digits, separator, text = ''] = REPLY_LINE.exec(line) ?? [];
    if (matched === undefined) throw new ReplyError('not an SMTP reply');
    const code = Number(digits);
    if (this.#lines.length === 0) {
      this.#code = code;
      this.#enhanced = takeEnhanced(code, text);
    } else if (code !== this.#code) throw new ReplyError('reply code changes within a reply');
    if (this.#lines.length >= MAX_LINES) throw new ReplyError('reply has too many lines');
    const enhanced = takeEnhanced(code, text);
    this.#lines.push((enhanced === null ? text : text.slice(enhanced.length)).replace(CONTROLS, ' ').trim());
    if (separator === '-') return undefined;
    const reply = { code, enhanced: this.#enhanced, lines: this.#lines };
    this.#lines = [];
    return reply;
  }
}

/** One line for people and for Diagnostic-Code, at most `maxLength` characters. */
export function formatReply(reply: SmtpReply, maxLength = 512): string {
  const head = reply.enhanced === null ? [String(reply.code)] : [String(reply.code), reply.enhanced];
  return [...head, ...reply.lines.filter((line) => line !== '')].join(' ').slice(0, maxLength).toWellFormed();
}
