/** The preview: first words of the first text part that has any, taken while the scanner passes over it. */
import { Capture } from './capture.ts';
import { decodeCharset } from './charset.ts';
import { htmlToText } from './html-text.ts';
import { decodeTransfer } from './transfer-decoding.ts';
import type { MimePart } from './types.ts';

const MAX_CHARACTERS = 200;
/** Plain text shows its first words at once; HTML has its style sheets before them. */
const PLAIN_BYTES = 4 * 1024;
const HTML_BYTES = 96 * 1024;
/** Text parts looked at before the message is left without a preview. */
const MAX_PARTS = 4;

/** Fillers that newsletters put behind their preview line, and other marks without width. */
const INVISIBLE = /\u00ad|\u034f|\u061c|\u180e|[\u200b-\u200f]|[\u202a-\u202e]|[\u2060-\u2064]|\ufeff/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are folded with the white space
const BLANK = /[\s\u0000-\u001f\u007f]+/g;

export class PreviewCollector {
  text = '';
  private capture: Capture | null = null;
  private part: MimePart | null = null;
  private tried = 0;

  /** The body of `part` begins at `start`. */
  begin(part: MimePart, start: number): void {
    if (this.text !== '' || this.tried >= MAX_PARTS || !isReadable(part)) return;
    this.tried++;
    this.part = part;
    this.capture = new Capture(part.subtype === 'html' ? HTML_BYTES : PLAIN_BYTES);
    this.capture.begin(start);
  }

  feed(chunk: Buffer, base: number): void {
    this.capture?.feed(chunk, base);
  }

  /** The part whose body was begun ends at `end`; nothing happens where none was. */
  end(end: number, chunk: Buffer, base: number): void {
    if (this.capture === null || this.part === null) return;
    this.text = previewOf(this.capture.take(end, chunk, base), this.part);
    this.capture = null;
    this.part = null;
  }
}

function isReadable(part: MimePart): boolean {
  const readable = part.type === 'text' && (part.subtype === 'plain' || part.subtype === 'html');
  return readable && part.disposition?.type !== 'attachment';
}

function previewOf(bytes: Buffer, part: MimePart): string {
  const charset = part.parameters.find(([name]) => name === 'charset')?.[1] ?? '';
  const decoded = decodeCharset(decodeTransfer(bytes, part.encoding), charset, true);
  if (part.subtype === 'html') return foldText(htmlToText(decoded, 4 * MAX_CHARACTERS));
  const first = foldText(decoded.slice(0, 2 * MAX_CHARACTERS));
  return first.length < MAX_CHARACTERS ? foldText(decoded) : first;
}

/** White space folded, cut at 200 characters without splitting one. */
function foldText(text: string): string {
  const plain = /^[\x20-\x7e\r\n\t]*$/.test(text);
  const folded = (plain ? text : text.replace(INVISIBLE, '')).replace(BLANK, ' ').trim();
  if (folded.length <= MAX_CHARACTERS) return folded;
  if (plain) return folded.slice(0, MAX_CHARACTERS).trimEnd();
  return Array.from(folded.slice(0, 2 * MAX_CHARACTERS))
    .slice(0, MAX_CHARACTERS)
    .join('')
    .trimEnd();
}
