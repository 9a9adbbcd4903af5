/** POP3 command lines (RFC 1939 §3): a keyword and arguments, CRLF-ended. The last argument of PASS may hold spaces (§7). */

export class Pop3SyntaxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Pop3SyntaxError';
  }
}

export interface Pop3CommandLine {
  /** Upper-case. */
  keyword: string;
  /** All that follows the first space, untouched. */
  argument: string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function decodeText(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    // TextDecoder says nothing more than that it is not UTF-8.
    throw new Pop3SyntaxError('Command is not UTF-8');
  }
}

export function parsePop3Line(line: Buffer): Pop3CommandLine {
  const text = decodeText(line);
  if (!text.endsWith('\r\n')) throw new Pop3SyntaxError('Lines must end with CRLF');
  const content = text.slice(0, -2);
  if (/[\r\0]/.test(content)) throw new Pop3SyntaxError('Bare CR or NUL in command');
  const [, keyword, argument = ''] = /^([A-Za-z]{3,8})(?: (.*))?$/s.exec(content) ?? [];
  if (keyword === undefined) throw new Pop3SyntaxError('Unknown command');
  return { keyword: keyword.toUpperCase(), argument };
}

/** Splits into exactly the numbers it must be; `undefined` for one that is optional and missing. */
export function parseNumbers(argument: string, min: number, max: number): number[] {
  const words = argument.trim() === '' ? [] : argument.trim().split(/ +/);
  if (words.length < min || words.length > max || !words.every((word) => /^\d{1,10}$/.test(word))) {
    throw new Pop3SyntaxError('Syntax error in arguments');
  }
  return words.map(Number);
}
