/**
 * The entities open at one point of a message and the parts already closed: told of header ends and boundaries with their
 * absolute offsets, it builds the part tree. Offsets are nested by construction: a part that lacks its own end gets that of
 * the outermost part its boundary closes, and starts inside it.
 */
import { type BoundaryMatch, MAX_BOUNDARY_LENGTH, OpenBoundaries } from './boundary.ts';
import { readContentFields } from './content-fields.ts';
import { EnvelopeBuilder } from './envelope.ts';
import type { InterestingFields } from './interesting-fields.ts';
import type { ImapEnvelope, MimeLimits, MimePart, Parameter } from './types.ts';

/** A part under construction; `lines` holds the line count of the whole message at `bodyStart` until it is closed. */
interface OpenPart extends MimePart {
  children: MimePart[];
  imapEnvelope: ImapEnvelope | null;
  parameters: readonly Parameter[];
}

interface OpenEntity {
  part: OpenPart;
  /** While its boundary is looked for; null for leaves and for the epilogue. */
  boundary: Buffer | null;
}

/** Where a line begins: its offset, the length of the line end before it, and the line ends before it. */
export interface LinePosition {
  start: number;
  previousEnd: number;
  linesBefore: number;
}

export class EntityTree {
  readonly root: MimePart;
  /** The message's own; empty until its header ends. */
  imapEnvelope: ImapEnvelope;
  truncated = false;
  /** The header of the innermost part is not over yet. */
  inHeader = true;
  /** Open entities, the root first. */
  private readonly stack: OpenEntity[];
  private readonly limits: MimeLimits;
  private partCount = 1;
  private readonly boundaries = new OpenBoundaries();
  private readonly envelopes = new EnvelopeBuilder();

  constructor(limits: MimeLimits) {
    this.limits = limits;
    const root = openEntity(0);
    this.root = root.part;
    this.imapEnvelope = this.envelopes.build(new Map());
    this.stack = [root];
  }

  get current(): MimePart {
    return this.stack.at(-1)?.part ?? this.root;
  }

  /** A message's own header: the root's, or the one that message/rfc822 begins with. */
  get currentIsMessage(): boolean {
    const parent = this.stack.at(-2)?.part;
    return parent === undefined || parent.type === 'message';
  }

  get seeksBoundary(): boolean {
    return this.boundaries.size > 0;
  }

  /** The header of the innermost part ends, its body begins at `bodyStart`. */
  endHeader(fields: InterestingFields, bodyStart: number, linesBefore: number): void {
    const entity = this.stack.at(-1);
    if (entity === undefined) return;
    const { part } = entity;
    const parent = this.stack.at(-2)?.part;
    if (parent === undefined) this.imapEnvelope = this.envelopes.build(fields.values);
    else if (parent.type === 'message') parent.imapEnvelope = this.envelopes.build(fields.values);
    const inDigest = parent?.type === 'multipart' && parent.subtype === 'digest';
    Object.assign(part, readContentFields(fields.values, inDigest));
    part.bodyStart = bodyStart;
    part.lines = linesBefore;
    this.inHeader = false;
    if (part.type === 'multipart') this.openMultipart(entity);
    else if (isEmbeddedMessage(part)) this.openChild(entity, bodyStart);
  }

  private openMultipart(entity: OpenEntity): void {
    const { part } = entity;
    const value = part.parameters.find(([name]) => name === 'boundary')?.[1].trimEnd() ?? '';
    const boundary = Buffer.from(value);
    if (boundary.length === 0) {
      // Without a boundary the type is invalid, and what is invalid is plain text (RFC 2045 §5.2).
      Object.assign(part, { type: 'text', subtype: 'plain' });
    } else if (boundary.length > MAX_BOUNDARY_LENGTH || this.stack.length >= this.limits.depth) {
      this.makeOpaque(part);
    } else {
      entity.boundary = boundary;
      this.boundaries.open(boundary, this.stack.length - 1);
    }
  }

  /** Opens the entity that starts at `start` inside `parent`, or makes the rest opaque where a limit is reached. */
  private openChild(parent: OpenEntity, start: number): void {
    if (this.partCount >= this.limits.parts || this.stack.length >= this.limits.depth) {
      this.closeBoundary(parent);
      if (parent.part.children.length === 0) this.makeOpaque(parent.part);
      this.truncated = true;
      return;
    }
    this.partCount++;
    this.stack.push(openEntity(start));
    this.inHeader = true;
  }

  /** What is not followed into is bytes of no known kind, so that it can be fetched whole. */
  private makeOpaque(part: OpenPart): void {
    Object.assign(part, { type: 'application', subtype: 'octet-stream', parameters: [] });
    this.truncated = true;
  }

  private closeBoundary(entity: OpenEntity): void {
    if (entity.boundary === null) return;
    this.boundaries.close(entity.boundary);
    entity.boundary = null;
  }

  findBoundary(bytes: Buffer, start: number, end: number): BoundaryMatch | undefined {
    return this.boundaries.match(bytes, start, end);
  }

  /** A boundary line: ends the parts inside it; a delimiter opens the next at `lineEnd`. */
  passBoundary({ index, kind }: BoundaryMatch, line: LinePosition, lineEnd: number): void {
    const owner = this.stack[index];
    if (owner === undefined) return;
    const outermost = this.stack[index + 1]?.part;
    if (outermost !== undefined) {
      // The line end before the boundary belongs to the boundary, unless it already ended the part's header.
      const end = Math.max(outermost.bodyStart, line.start - line.previousEnd);
      this.closeAbove(index, end, line.linesBefore - (end < line.start ? 1 : 0));
    }
    if (kind === 'close') this.closeBoundary(owner);
    else this.openChild(owner, lineEnd);
  }

  /** The message is over; `lines` line ends were in it. */
  finish(size: number, lines: number): void {
    this.closeAbove(-1, size, lines);
  }

  private closeAbove(index: number, end: number, lines: number): void {
    while (this.stack.length > index + 1) {
      const entity = this.stack.pop();
      if (entity === undefined) return;
      const { part } = entity;
      this.closeBoundary(entity);
      part.start = Math.min(part.start, end);
      part.bodyStart = Math.min(part.bodyStart, end);
      part.lines = Math.max(0, lines - part.lines);
      part.end = end;
      this.stack.at(-1)?.part.children.push(part);
    }
  }
}

/** Encoded ones break RFC 2046 §5.2.1 and stay opaque. */
function isEmbeddedMessage(part: MimePart): boolean {
  const readable = part.encoding === '7bit' || part.encoding === '8bit' || part.encoding === 'binary';
  return readable && part.type === 'message' && (part.subtype === 'rfc822' || part.subtype === 'global');
}

function openEntity(start: number): OpenEntity {
  const part: OpenPart = {
    start,
    bodyStart: start,
    end: start,
    lines: 0,
    type: 'text',
    subtype: 'plain',
    parameters: [],
    encoding: '7bit',
    id: null,
    description: null,
    md5: null,
    disposition: null,
    languages: [],
    location: null,
    children: [],
    imapEnvelope: null,
  };
  return { part, boundary: null };
}
