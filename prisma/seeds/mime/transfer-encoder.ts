/** Content-Transfer-Encodings of the demo messages. */

/** Lines of 76 characters (RFC 2045 §6.8). */
export function toBase64(bytes: Buffer): string {
  return (bytes.toString('base64').match(/.{1,76}/g) ?? []).join('\r\n');
}

/** Of bytes with CRLF line ends (RFC 2045 §6.7). */
export function toQuotedPrintable(bytes: Buffer): string {
  return bytes.toString('latin1').split('\r\n').map(encodeLine).join('\r\n');
}

function encodeLine(line: string): string {
  const escaped = line
    .replace(/[^\t\x20-\x3c\x3e-\x7e]/g, (byte) => escapeByte(byte))
    .replace(/[\t ]$/, (blank) => escapeByte(blank));
  const lines: string[] = [];
  let rest = escaped;
  while (rest.length > 76) {
    // An escape is never cut in two.
    const cut = 75 - (/=[0-9A-F]?$/.exec(rest.slice(0, 75))?.[0].length ?? 0);
    lines.push(`${rest.slice(0, cut)}=`);
    rest = rest.slice(cut);
  }
  return [...lines, rest].join('\r\n');
}

function escapeByte(byte: string): string {
  return `=${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
