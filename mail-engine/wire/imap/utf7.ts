/** Modified UTF-7 of mailbox names (RFC 3501 §5.1.3) to and from UTF-8 text; only the canonical form is accepted. */

function encodeRun(run: string): string {
  const utf16be = Buffer.from(run, 'utf16le').swap16();
  return `&${utf16be.toString('base64').replaceAll('/', ',').replace(/=+$/, '')}-`;
}

export function encodeUtf7(name: string): string {
  return name.replaceAll('&', '&-').replace(/[^\x20-\x7e]+/g, encodeRun);
}

function decodeRun(run: string): string | undefined {
  const bytes = Buffer.from(run.replaceAll(',', '/'), 'base64');
  if (bytes.length < 2 || bytes.length % 2 !== 0) return undefined;
  return bytes.swap16().toString('utf16le');
}

/** Undefined where `encoded` is not what `encodeUtf7` would have written, so that each name has one spelling on the wire. */
export function decodeUtf7(encoded: string): string | undefined {
  let valid = true;
  const decoded = encoded.replace(/&([^-&]*)(-?)/g, (_, run: string, end: string) => {
    if (end === '') valid = false;
    if (run === '') return '&';
    const text = decodeRun(run);
    if (text === undefined) valid = false;
    return text ?? '';
  });
  return valid && decoded.isWellFormed() && encodeUtf7(decoded) === encoded ? decoded : undefined;
}
