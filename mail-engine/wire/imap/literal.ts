/** The literal announcement that ends a line: `{n}`, `{n+}` (RFC 7888), `~{n}` (literal8, RFC 3516). */

export interface LiteralAnnouncement {
  sizeBytes: number;
  /** The client waits for our `+`. */
  synchronizing: boolean;
  /** literal8: may hold NUL. */
  binary: boolean;
}

/** Digits beyond which a size is as good as infinite; larger ones become `Infinity`. */
const MAX_DIGITS = 15;
/** How far back from the line's end an announcement can start. */
const TAIL_BYTES = 64;

const ANNOUNCEMENT = /(~?)\{(\d+)(\+?)\}\r\n$/;

/** Looks at `line` with its CRLF; undefined where it ends the command. A `}` inside a quoted string is never at the line's end. */
export function findLiteralAnnouncement(line: Buffer): LiteralAnnouncement | undefined {
  if (line.at(-3) !== 0x7d) return undefined;
  const tail = line.toString('latin1', Math.max(0, line.length - TAIL_BYTES));
  const match = ANNOUNCEMENT.exec(tail);
  if (!match) return undefined;
  const digits = match[2] ?? '';
  return {
    sizeBytes: digits.length > MAX_DIGITS ? Number.POSITIVE_INFINITY : Number(digits),
    synchronizing: match[3] === '',
    binary: match[1] === '~',
  };
}
