/** Bytes of a text part as text: transfer encoding off, charset to Unicode. Broken input gives replacement characters, never an error. */

function trimBlanksEnd(line: string): string {
  let end = line.length;
  while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end -= 1;
  return line.slice(0, end);
}

/** Lines without the blanks at their ends, and without the line ends that are only for the way (RFC 2045 §6.7 rules 3 and 5). */
function joinLines(source: string): string {
  const lines = source.split('\n');
  const last = trimBlanksEnd(lines.pop() ?? '');
  const joined = lines.map((line) => {
    const lineEnd = line.endsWith('\r') ? '\r\n' : '\n';
    const text = trimBlanksEnd(line.slice(0, line.length + 1 - lineEnd.length));
    return text.endsWith('=') ? text.slice(0, -1) : text + lineEnd;
  });
  return joined.join('') + last;
}

function decodeQuotedPrintable(bytes: Buffer): Buffer {
  const text = joinLines(bytes.toString('latin1')).replace(/=([0-9a-f]{2})/gi, (_whole, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(text, 'latin1');
}

export function decodeTransfer(bytes: Buffer, encoding: string | undefined): Buffer {
  switch (encoding?.toLowerCase()) {
    case 'base64':
      return Buffer.from(bytes.toString('latin1'), 'base64');
    case 'quoted-printable':
      return decodeQuotedPrintable(bytes);
    default:
      return bytes;
  }
}

function findDecoder(charset: string | undefined): TextDecoder {
  try {
    return new TextDecoder(charset?.trim().replace(/^"|"$/g, '') || 'utf-8');
  } catch {
    // An unknown label: windows-1252 reads every byte as something, and ASCII right.
    return new TextDecoder('windows-1252');
  }
}

/** A declared us-ascii that holds more is most often UTF-8. */
export function decodeCharset(bytes: Buffer, charset: string | undefined): string {
  const label = charset === undefined || /^(?:us-)?ascii$/i.test(charset) ? 'utf-8' : charset;
  return findDecoder(label).decode(bytes);
}
