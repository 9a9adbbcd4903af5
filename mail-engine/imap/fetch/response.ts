/** FETCH responses: small ones are gathered and leave together, large sections stream as the client takes them. */
import type { MessageEntry, MessageReader, MessageRow } from '#engine/store/types.ts';
import { formatDateTime } from '#engine/wire/imap/date.ts';
import type { FetchAtt, SectionAtt, SimpleAtt } from '#engine/wire/imap/fetch-att.ts';
import { formatNstring, literalHeader } from '#engine/wire/imap/format.ts';
import { formatFlags } from '../flags.ts';
import { formatEmailId, formatThreadId } from '../object-id.ts';
import type { ImapSession } from '../session.ts';
import { SectionReader } from './section-bytes.ts';

/** A response that grows beyond this is sent before it is whole. */
const RESPONSE_BYTES = 512 * 1024;
/** Larger sections are streamed; as much is gathered before it is sent. */
const GATHERED_BYTES = 64 * 1024;

export interface FetchSubject {
  sequence: number;
  entry: MessageEntry;
  row: MessageRow | undefined;
  reader: MessageReader | undefined;
}

function rowValue(att: SimpleAtt, row: MessageRow): string | Buffer | undefined {
  switch (att) {
    case 'INTERNALDATE':
      return formatDateTime(row.internalDate);
    case 'SAVEDATE':
      return formatDateTime(row.saveDate);
    case 'RFC822.SIZE':
      return String(row.size);
    case 'EMAILID':
      return `(${formatEmailId(row.blobId)})`;
    case 'THREADID':
      return row.threadKey === '0' ? 'NIL' : `(${formatThreadId(row.threadKey)})`;
    case 'ENVELOPE':
      return row.imapEnvelope;
    case 'BODY':
      return row.imapBody;
    case 'BODYSTRUCTURE':
      return row.bodyStructure;
    default:
      return formatNstring(row.preview);
  }
}

function simpleValue(att: SimpleAtt, { entry, row }: FetchSubject): string | Buffer {
  if (att === 'UID') return String(entry.uid);
  if (att === 'FLAGS') return formatFlags(entry);
  if (att === 'MODSEQ') return `(${entry.modseq})`;
  const value = row && rowValue(att, row);
  if (value === undefined) throw new Error(`${att} is missing for uid ${entry.uid}`);
  return value;
}

export class FetchWriter {
  readonly #session: ImapSession;
  /** Whole responses that are still to be sent. */
  #gathered: Buffer[] = [];
  #gatheredBytes = 0;
  /** The response being made. */
  #pieces: Buffer[] = [];
  #pieceBytes = 0;

  constructor(session: ImapSession) {
    this.#session = session;
  }

  async write(subject: FetchSubject, atts: readonly FetchAtt[]): Promise<void> {
    this.#pieces = [];
    this.#pieceBytes = 0;
    const sections = subject.reader && new SectionReader(subject.reader);
    let separator = `* ${subject.sequence} FETCH (`;
    for (const item of atts) {
      this.#add(separator);
      separator = ' ';
      if (item.att === 'SECTION') await this.#section(subject, sections, item.value);
      else {
        this.#add(`${item.att} `);
        this.#add(simpleValue(item.att, subject));
      }
    }
    this.#add(')\r\n');
    this.#gather();
    if (this.#session.midResponse || this.#gatheredBytes >= GATHERED_BYTES) await this.flush();
    this.#session.midResponse = false;
  }

  /** Sends the responses that are whole. */
  async flush(): Promise<void> {
    if (this.#gathered.length === 0) return;
    const bytes = Buffer.concat(this.#gathered);
    this.#gathered = [];
    this.#gatheredBytes = 0;
    await this.#session.send(bytes);
  }

  async #section(
    { reader, entry }: FetchSubject,
    sections: SectionReader | undefined,
    { section, partial, label }: SectionAtt,
  ): Promise<void> {
    if (!reader || !sections) throw new Error(`bytes are missing for uid ${entry.uid}`);
    await this.#session.turn.giveWay();
    const found = await sections.find(section, partial);
    const size = found.kind === 'bytes' ? found.bytes.length : found.range.end - found.range.start;
    this.#add(`${label} ${literalHeader(size)}`);
    if (found.kind === 'bytes') this.#add(found.bytes);
    else if (size <= GATHERED_BYTES) this.#addExactly(await reader.read(found.range.start, found.range.end), size);
    else await this.#stream(reader.stream(found.range.start, found.range.end), size);
    if (this.#pieceBytes > RESPONSE_BYTES) await this.#commit();
  }

  /** From here on only the rest of this response can follow: anything else must cut the connection. */
  async #commit(): Promise<void> {
    this.#gather();
    this.#session.midResponse = true;
    await this.flush();
  }

  async #stream(chunks: AsyncIterable<Buffer>, size: number): Promise<void> {
    await this.#commit();
    let sent = 0;
    for await (const chunk of chunks) {
      sent += chunk.length;
      await this.#session.send(chunk);
    }
    if (sent !== size) throw new Error(`announced ${size} bytes and had ${sent}`);
  }

  #add(bytes: string | Buffer): void {
    const piece = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    this.#pieces.push(piece);
    this.#pieceBytes += piece.length;
  }

  #addExactly(bytes: Buffer, size: number): void {
    if (bytes.length !== size) throw new Error(`announced ${size} bytes and had ${bytes.length}`);
    this.#add(bytes);
  }

  #gather(): void {
    this.#gathered.push(...this.#pieces);
    this.#gatheredBytes += this.#pieceBytes;
    this.#pieces = [];
    this.#pieceBytes = 0;
  }
}
