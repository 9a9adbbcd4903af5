/**
 * The bytes a section names, in prefix + blob (see MessageReader). The message's own header is the prefix and the blob's header
 * together; every other offset lies in the blob. A section that does not exist is empty (RFC 3501 §6.4.5 leaves it open; clients
 * ask for parts of messages they have not looked at). A header whose fields are asked for again and again is read once.
 */
import type { MessageReader } from '#engine/store/types.ts';
import type { Partial, Section } from '#engine/wire/imap/section.ts';
import { HeaderFields } from '#engine/wire/mime/header-fields.ts';
import { resolveSection, type SectionPart } from '#engine/wire/mime/sections.ts';

interface Range {
  start: number;
  end: number;
}

export type SectionBytes = { kind: 'range'; range: Range } | { kind: 'bytes'; bytes: Buffer };

/** Header bytes that HEADER.FIELDS looks through; no honest header is longer, or has more than HeaderFields' 10,000 fields. */
const MAX_HEADER = 2 * 1024 * 1024;
const EMPTY: Range = { start: 0, end: 0 };

function partOf(section: Section): SectionPart {
  if (section.text === null) return 'body';
  if (section.text === 'TEXT') return 'text';
  return section.text === 'MIME' ? 'mime' : 'header';
}

function findRange(reader: MessageReader, section: Section): Range | undefined {
  const { prefixSize, size } = reader;
  const part = partOf(section);
  if (section.path.length > 0) {
    const root = reader.structure;
    const range = resolveSection(root, root.bodyStart, section.path, part);
    return range && { start: prefixSize + range.start, end: prefixSize + range.end };
  }
  if (part === 'body') return { start: 0, end: size };
  const bodyStart = prefixSize + reader.structure.bodyStart;
  return part === 'header' ? { start: 0, end: bodyStart } : { start: bodyStart, end: size };
}

function slice({ start, end }: Range, partial: Partial | null): Range {
  if (!partial) return { start, end };
  const from = Math.min(end, start + partial.offset);
  return { start: from, end: Math.min(end, from + partial.length) };
}

/** The sections of one message. */
export class SectionReader {
  readonly #reader: MessageReader;
  /** The header that was looked through last. */
  #header: { start: number; fields: HeaderFields } | undefined;

  constructor(reader: MessageReader) {
    this.#reader = reader;
  }

  async find(section: Section, partial: Partial | null): Promise<SectionBytes> {
    const range = findRange(this.#reader, section);
    if (!range) return { kind: 'range', range: EMPTY };
    if (!section.text?.startsWith('HEADER.FIELDS')) return { kind: 'range', range: slice(range, partial) };
    const fields = await this.#readFields(range);
    const bytes = fields.select(section.fields, section.text === 'HEADER.FIELDS.NOT');
    const part = slice({ start: 0, end: bytes.length }, partial);
    return { kind: 'bytes', bytes: bytes.subarray(part.start, part.end) };
  }

  async #readFields({ start, end }: Range): Promise<HeaderFields> {
    if (this.#header?.start === start) return this.#header.fields;
    const fields = new HeaderFields(await this.#reader.read(start, Math.min(end, start + MAX_HEADER)));
    this.#header = { start, fields };
    return fields;
  }
}
