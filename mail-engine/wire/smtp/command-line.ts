/** A command line (RFC 5321 §4.1.1): a verb, and what follows it. Non-ASCII bytes must be UTF-8 (RFC 6531 §3.3). */
import { CR, LF } from './line-ends.ts';
import { SmtpSyntaxError } from './syntax-error.ts';

export interface CommandLine {
  /** Upper-case. */
  verb: string;
  argument: string;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** As nearly every command is. */
const PLAIN = /^[\x20-\x7e]*$/;

function decodeText(line: Buffer): string {
  const plain = line.toString('latin1', 0, line.length - 2);
  if (PLAIN.test(plain)) return plain;
  const bytes = line.subarray(0, -2);
  if (bytes.includes(CR) || bytes.includes(0)) throw new SmtpSyntaxError('5.5.2', 'Bare CR or NUL in command', 500);
  try {
    return utf8.decode(bytes);
  } catch {
    // TextDecoder says nothing more than that it is not UTF-8.
    throw new SmtpSyntaxError('5.5.2', 'Command is not UTF-8', 500);
  }
}

/** `line` with its line end, which must be CRLF: a line end that others may not see as one is never acted upon. */
export function parseCommandLine(line: Buffer): CommandLine {
  if (line[line.length - 1] !== LF || line[line.length - 2] !== CR) {
    throw new SmtpSyntaxError('5.5.2', 'Lines must end with CRLF', 500);
  }
  const text = decodeText(line);
  const space = text.indexOf(' ');
  const verb = (space < 0 ? text : text.slice(0, space)).toUpperCase();
  if (!/^[A-Z0-9]{1,16}$/.test(verb)) throw new SmtpSyntaxError('5.5.2', 'Command not recognized', 500);
  return { verb, argument: space < 0 ? '' : text.slice(space + 1).trim() };
}
