/**
 * What a search looks through: the decoded header and the decoded text of a message, in one case. In the index they stand in one
 * column, the header first, parted by a character neither can have.
 */
import { decodeHeaderValue } from '#engine/wire/mime/encoded-words.ts';
import { extractText, type ReadRange } from '#engine/wire/mime/extract-text.ts';
import { readHeaderFields } from '#engine/wire/mime/header-fields.ts';
import type { MimePart } from '#engine/wire/mime/types.ts';
import { normalForm } from '#server/text/normal-form.ts';

export const PART_MARK = '\u001f';
const HEADER_BYTES = 256 * 1024;
const MARKS = new RegExp(`[${PART_MARK}\\0]`, 'g');

export interface Searchable {
  header: string;
  body: string;
  /** False where text was left out because it is more than `characters`. */
  complete: boolean;
}

/** One case, one normal form; lone surrogates become what UTF-8 makes of them. */
export function foldCase(text: string): string {
  return normalForm(text).toLowerCase().toWellFormed();
}

function foldHeader(header: Buffer): string {
  const lines: string[] = [];
  for (const { name, rawValue } of readHeaderFields(header)) lines.push(`${name}: ${decodeHeaderValue(rawValue)}`);
  return foldCase(lines.join('\n'));
}

function textBytes(part: MimePart): number {
  const own = part.type === 'text' && part.children.length === 0 ? part.end - part.bodyStart : 0;
  return part.children.reduce((sum, child) => sum + textBytes(child), own);
}

/** `root` and `read` are of the blob. At most `characters` of text are held. */
export async function readSearchable(root: MimePart, read: ReadRange, characters: number): Promise<Searchable> {
  const pieces: Buffer[] = [];
  for await (const piece of read(0, Math.min(root.bodyStart, HEADER_BYTES))) pieces.push(piece);
  const limits = { characters, partBytes: characters };
  const body = root.bodyStart <= root.end ? await extractText(root, read, limits) : '';
  return {
    header: foldHeader(Buffer.concat(pieces)).replace(MARKS, ' '),
    body: foldCase(body).replace(MARKS, ' '),
    complete: root.bodyStart <= HEADER_BYTES && textBytes(root) < characters && body.length < characters,
  };
}
