/** Section specifications of FETCH BODY[…] as byte ranges (RFC 9051 §6.4.5.1). */
import type { MimePart } from './types.ts';

/** `[start, end)` in the bytes that were scanned. */
export interface ByteRange {
  start: number;
  end: number;
}

export type SectionPart = 'body' | 'header' | 'mime' | 'text';

/**
 * Range of a section; undefined where the message has none such. `path` is the part number, empty for the message itself.
 * `header` and `text` are those of the message or of an embedded one at `path`; `mime` needs a path.
 */
export function resolveSection(
  root: MimePart,
  headSize: number,
  path: readonly number[],
  what: SectionPart,
): ByteRange | undefined {
  if (path.length === 0) return resolveMessage(root, headSize, what);
  const part = findPart(root, path);
  if (part === undefined) return undefined;
  if (what === 'body') return { start: part.bodyStart, end: part.end };
  if (what === 'mime') return { start: part.start, end: part.bodyStart };
  const embedded = embeddedMessage(part);
  if (embedded === undefined) return undefined;
  return what === 'header'
    ? { start: embedded.start, end: embedded.bodyStart }
    : { start: embedded.bodyStart, end: embedded.end };
}

/** The part a part number names; undefined where there is none. */
function findPart(root: MimePart, path: readonly number[]): MimePart | undefined {
  let container = root;
  let part: MimePart | undefined;
  for (const number of path) {
    // Numbers below message/rfc822 count the parts of the message in it.
    if (part !== undefined) container = embeddedMessage(part) ?? part;
    part = childAt(container, number, part === undefined || container !== part);
    if (part === undefined) return undefined;
  }
  return part;
}

/** Part 1 of a message that is not multipart is its body. */
function childAt(container: MimePart, number: number, isMessage: boolean): MimePart | undefined {
  if (container.type === 'multipart') return container.children[number - 1];
  return isMessage && number === 1 ? container : undefined;
}

function embeddedMessage(part: MimePart): MimePart | undefined {
  return part.type === 'message' ? part.children[0] : undefined;
}

function resolveMessage(root: MimePart, headSize: number, what: SectionPart): ByteRange | undefined {
  if (what === 'body') return { start: root.start, end: root.end };
  if (what === 'header') return { start: root.start, end: headSize };
  return what === 'text' ? { start: headSize, end: root.end } : undefined;
}
