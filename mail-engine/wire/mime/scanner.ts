/**
 * Single-pass structure scanner (contract in types.ts). Lines are found by one scan of each chunk and looked at only
 * where they can matter: the empty line in a header, and lines that begin with `-` while a boundary is looked for. Line ends
 * are CRLF or, in old stored mail, a bare LF. Garbage never throws; limits make the rest opaque.
 */
import { isAscii } from 'node:buffer';
import { HIGH, LineScan } from '../line-scan/line-scan.ts';
import { MAX_BOUNDARY_LENGTH } from './boundary.ts';
import { Capture } from './capture.ts';
import { EntityTree, type LinePosition } from './entity-tree.ts';
import { buildReferences } from './envelope.ts';
import { collectFields, type InterestingFields } from './interesting-fields.ts';
import { PreviewCollector } from './preview.ts';
import type { MessageFacts, MimeLimits, MimeScanner } from './types.ts';

const DEFAULT_LIMITS: MimeLimits = { depth: 64, parts: 2000, headerBytes: 256 * 1024 };
/** Headers of all entities together are interpreted up to this many times `headerBytes`. */
const HEADER_BUDGET = 8;
/** A boundary with its dashes and transport padding; a longer line is none. */
const MAX_CANDIDATE = MAX_BOUNDARY_LENGTH + 256;

const LF = 0x0a;
const CR = 0x0d;
const DASH = 0x2d;

const EMPTY = Buffer.alloc(0);
const NO_LINES = new LineScan(EMPTY, false);
const NO_FIELDS: InterestingFields = { values: new Map(), receivedCount: 0, deliveredTo: [] };

export function createMimeScanner(limits: Partial<MimeLimits> = {}): MimeScanner {
  return new StructureScanner({ ...DEFAULT_LIMITS, ...limits });
}

/** Facts of a message that is in memory. */
export function scanMessage(bytes: Uint8Array, limits: Partial<MimeLimits> = {}): MessageFacts {
  const scanner = createMimeScanner(limits);
  scanner.write(bytes);
  return scanner.finish();
}

class StructureScanner implements MimeScanner {
  private readonly tree: EntityTree;
  private readonly header: Capture;
  private readonly preview = new PreviewCollector();
  private readonly headerLimit: number;
  private headerBudget: number;
  private rootFields = NO_FIELDS;
  private headSize = -1;
  private eightBitHeader = false;
  private eightBitBody = false;
  /** The chunk being written, its line feeds not passed yet, the offset of its first byte, and the two bytes before it. */
  private chunk: Buffer = EMPTY;
  private lineFeeds = NO_LINES;
  private base = 0;
  private tail: readonly [number, number] = [0, 0];
  /** Line ends passed. */
  private lines = 0;
  /** The cursor is inside a line already found to be of no interest. */
  private midLine = false;
  /** A line that may be a boundary or empty and whose end has not come yet. */
  private pending: Buffer = EMPTY;
  private pendingLine: LinePosition = { start: 0, previousEnd: 0, linesBefore: 0 };

  constructor(limits: MimeLimits) {
    this.tree = new EntityTree(limits);
    this.header = new Capture(limits.headerBytes);
    this.header.begin(0);
    this.headerLimit = limits.headerBytes;
    this.headerBudget = limits.headerBytes * HEADER_BUDGET;
  }

  write(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.chunk = chunk;
    this.lineFeeds = new LineScan(chunk, false);
    const headOpen = this.headSize === -1;
    this.scanLines();
    if ((this.lineFeeds.flags & HIGH) !== 0) this.noteEightBit(headOpen);
    this.header.feed(chunk, this.base);
    this.preview.feed(chunk, this.base);
    this.tail = [chunk.length > 1 ? (chunk.at(-2) as number) : this.tail[1], chunk.at(-1) as number];
    this.base += chunk.length;
    this.chunk = EMPTY;
    this.lineFeeds = NO_LINES;
  }

  finish(): MessageFacts {
    if (this.pending.length > 0) this.takeLine(this.pending, 0, this.pending.length, this.pendingLine, this.base);
    while (this.tree.inHeader) this.endHeader(this.base);
    this.preview.end(this.base, this.chunk, this.base);
    this.tree.finish(this.base, this.lines);
    return {
      size: this.base,
      headSize: this.headSize,
      root: this.tree.root,
      imapEnvelope: this.tree.imapEnvelope,
      references: buildReferences(this.rootFields.values),
      receivedCount: this.rootFields.receivedCount,
      deliveredTo: this.rootFields.deliveredTo,
      eightBitBody: this.eightBitBody,
      eightBitHeader: this.eightBitHeader,
      preview: this.preview.text,
      truncated: this.tree.truncated,
    };
  }

  private scanLines(): void {
    const { chunk } = this;
    let position = 0;
    if (this.pending.length > 0) position = this.continuePending();
    else if (this.midLine) position = this.skipLine(this.lineFeeds.next());
    while (position < chunk.length) {
      position = this.skipPlainLines(position);
      if (position >= chunk.length) return;
      const line = this.lineAt(position);
      const lf = this.lineFeeds.next();
      if (lf === -1) {
        this.startPending(line, position);
        return;
      }
      this.lines++;
      this.takeLine(chunk, position, lf + 1, line, this.base + lf + 1);
      position = lf + 1;
    }
  }

  /** From a line start to the next line start that may matter, or to the chunk's end. */
  private skipPlainLines(from: number): number {
    const { chunk, tree, lineFeeds } = this;
    const { inHeader, seeksBoundary } = tree;
    let lines = 0;
    for (let position = from; position < chunk.length; ) {
      const first = chunk[position] as number;
      if ((seeksBoundary && first === DASH) || (inHeader && (first === CR || first === LF))) {
        this.lines += lines;
        return position;
      }
      const lf = lineFeeds.next();
      if (lf === -1) {
        this.midLine = true;
        break;
      }
      lines++;
      position = lf + 1;
    }
    this.lines += lines;
    return chunk.length;
  }

  /** Over a line that ends at `lf`, to the start of the next. */
  private skipLine(lf: number): number {
    this.midLine = lf === -1;
    if (lf === -1) return this.chunk.length;
    this.lines++;
    return lf + 1;
  }

  private lineAt(position: number): LinePosition {
    const start = this.base + position;
    const beforeLf = position >= 2 ? this.chunk[position - 2] : this.tail[position];
    return { start, previousEnd: beforeLf === CR && start > 1 ? 2 : 1, linesBefore: this.lines };
  }

  private startPending(line: LinePosition, position: number): void {
    if (this.chunk.length - position > MAX_CANDIDATE) {
      this.midLine = true;
      return;
    }
    this.pending = Buffer.from(this.chunk.subarray(position));
    this.pendingLine = line;
  }

  /** Adds to the pending line what this chunk has of it, and looks at it once it is whole. */
  private continuePending(): number {
    const { chunk } = this;
    const lf = this.lineFeeds.next();
    const end = lf === -1 ? chunk.length : lf + 1;
    if (this.pending.length + end > MAX_CANDIDATE) {
      this.pending = EMPTY;
      return this.skipLine(lf);
    }
    const line = Buffer.concat([this.pending, chunk.subarray(0, end)]);
    this.pending = lf === -1 ? line : EMPTY;
    if (lf !== -1) {
      this.lines++;
      this.takeLine(line, 0, line.length, this.pendingLine, this.base + end);
    }
    return end;
  }

  /** A whole line [start, end) of `bytes` that may be the empty line or a boundary; it ends at the absolute `lineEnd`. */
  private takeLine(bytes: Buffer, start: number, end: number, line: LinePosition, lineEnd: number): void {
    const { tree } = this;
    if (bytes[start] !== DASH) {
      const empty = end - start === (bytes[start] === CR ? 2 : 1) && bytes[end - 1] === LF;
      if (tree.inHeader && empty) this.endHeader(lineEnd);
      return;
    }
    const match = tree.findBoundary(bytes, start, end);
    if (match === undefined) return;
    while (tree.inHeader) this.endHeader(line.start, line.linesBefore);
    this.preview.end(line.start - line.previousEnd, this.chunk, this.base);
    tree.passBoundary(match, line, lineEnd);
    if (tree.inHeader) this.header.begin(lineEnd);
  }

  /** Ends the innermost header at `position` and begins what follows it: a body, or an embedded message's header. */
  private endHeader(position: number, lines = this.lines): void {
    const { tree } = this;
    const bytes = this.header.take(position, this.chunk, this.base);
    const part = tree.current;
    if (position - part.start > this.headerLimit || bytes.length > this.headerBudget) tree.truncated = true;
    const fields = bytes.length > this.headerBudget ? NO_FIELDS : collectFields(bytes, tree.currentIsMessage);
    this.headerBudget -= Math.min(bytes.length, this.headerBudget);
    if (part === tree.root) {
      this.rootFields = fields;
      this.headSize = position;
    }
    tree.endHeader(fields, position, lines);
    if (tree.inHeader) this.header.begin(position);
    else this.preview.begin(part, position);
  }

  /** Says whether the chunk's bytes above 0x7f are of the top-level header or behind it. */
  private noteEightBit(headWasOpen: boolean): void {
    const { chunk, base } = this;
    const headEnd = this.headSize === -1 ? chunk.length : Math.max(0, this.headSize - base);
    const split = headWasOpen ? headEnd : 0;
    this.eightBitHeader ||= !isAscii(chunk.subarray(0, split));
    this.eightBitBody ||= !isAscii(chunk.subarray(split));
  }
}
