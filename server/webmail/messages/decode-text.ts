/** Bytes of a text part as text: transfer encoding off, charset to Unicode. Broken input gives replacement characters, never an error. */

function decodeQuotedPrintable(bytes: Buffer): Buffer {
  const source = bytes
    .toString('latin1')
    .replace(/[\t ]+(?=\r?\n|$)/g, '')
    .replace(/=\r?\n/g, '');
  const text = source.replace(/=([0-9a-f]{2})/gi, (_whole, hex: string) =>
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
