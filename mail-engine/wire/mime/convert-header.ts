/** The header of an entity of a binary message, relabelled for what its body becomes. */
import { MAX_BOUNDARY_LENGTH } from './boundary.ts';
import { readContentFields } from './content-fields.ts';
import { HeaderCursor } from './header-cursor.ts';
import { collectFields } from './interesting-fields.ts';

type BodyKind =
  /** Octets that become base64. */
  | { kind: 'binary' }
  /** Lines, as they are. */
  | { kind: 'lines' }
  | { kind: 'multipart'; boundary: Buffer; digest: boolean }
  /** An embedded message, which begins with a header. */
  | { kind: 'message' };

export interface ConvertedHeader {
  header: Buffer;
  body: BodyKind;
}

const ENCODING = 'content-transfer-encoding';
const IDENTITY = ['7bit', '8bit', 'binary'];

/** `header` without its encoding fields and with one of `encoding` at its end. */
function relabel(header: Buffer, encoding: string): Buffer {
  const cursor = new HeaderCursor(header);
  const pieces: Buffer[] = [];
  let kept = 0;
  let end = 0;
  while (cursor.advance()) {
    end = cursor.end;
    if (header.toString('latin1', cursor.start, cursor.nameEnd).toLowerCase() !== ENCODING) continue;
    pieces.push(header.subarray(kept, cursor.start));
    kept = cursor.end;
  }
  const label = Buffer.from(`Content-Transfer-Encoding: ${encoding}\r\n`);
  return Buffer.concat([...pieces, header.subarray(kept, end), label, header.subarray(end)]);
}

/** `header` with its empty line. */
export function convertHeader(header: Buffer, isMessage: boolean, inDigest: boolean): ConvertedHeader {
  const fields = readContentFields(collectFields(header, isMessage).values, inDigest);
  const { type, subtype, parameters, encoding } = fields;
  const isBinary = encoding === 'binary';
  // Composite types may only be labelled as what they contain (RFC 2045 §6.4).
  const asLines = isBinary ? relabel(header, '8bit') : header;
  if (type === 'multipart') {
    const boundary = Buffer.from(parameters.find(([name]) => name === 'boundary')?.[1].trimEnd() ?? '');
    if (boundary.length > 0 && boundary.length <= MAX_BOUNDARY_LENGTH) {
      return { header: asLines, body: { kind: 'multipart', boundary, digest: subtype === 'digest' } };
    }
  } else if (type === 'message' && (subtype === 'rfc822' || subtype === 'global') && IDENTITY.includes(encoding)) {
    return { header: asLines, body: { kind: 'message' } };
  } else if (isBinary) return { header: relabel(header, 'base64'), body: { kind: 'binary' } };
  return { header: asLines, body: { kind: 'lines' } };
}
