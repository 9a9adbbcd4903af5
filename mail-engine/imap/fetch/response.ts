/** One FETCH response: small ones leave in one write, large sections stream as the client takes them. */
import type { MessageEntry, MessageReader, MessageRow } from '#engine/store/types.ts';
import { formatDateTime } from '#engine/wire/imap/date.ts';
import type { FetchAtt, SectionAtt, SimpleAtt } from '#engine/wire/imap/fetch-att.ts';
import { formatNstring, literalHeader } from '#engine/wire/imap/format.ts';
import { formatFlags } from '../flags.ts';
import { formatEmailId, formatThreadId } from '../object-id.ts';
import type { ImapSession } from '../session.ts';
import { sectionBytes } from './section-bytes.ts';

/** Sections up to this size are gathered with the rest of the response. */
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

export class FetchResponse {
  readonly #session: ImapSession;
  readonly #pieces: Buffer[] = [];

  constructor(session: ImapSession) {
    this.#session = session;
  }

  async send(subject: FetchSubject, atts: readonly FetchAtt[]): Promise<void> {
    let separator = `* ${subject.sequence} FETCH (`;
    for (const item of atts) {
      this.#gather(separator);
      separator = ' ';
      if (item.att === 'SECTION') await this.#section(subject, item.value);
      else {
        this.#gather(`${item.att} `);
        this.#gather(simpleValue(item.att, subject));
      }
    }
    this.#gather(')\r\n');
    await this.#flush();
    this.#session.midResponse = false;
  }

  async #section({ reader, entry }: FetchSubject, { section, partial, label }: SectionAtt): Promise<void> {
    if (!reader) throw new Error(`bytes are missing for uid ${entry.uid}`);
    const found = await sectionBytes(reader, section, partial);
    const size = found.kind === 'bytes' ? found.bytes.length : found.range.end - found.range.start;
    this.#gather(`${label} ${literalHeader(size)}`);
    if (found.kind === 'bytes') this.#gather(found.bytes);
    else if (size <= GATHERED_BYTES) this.#gatherExactly(await reader.read(found.range.start, found.range.end), size);
    else await this.#stream(reader.stream(found.range.start, found.range.end), size);
  }

  /** From the first byte on only the announced number of bytes can follow: anything else must cut the connection. */
  async #stream(chunks: AsyncIterable<Buffer>, size: number): Promise<void> {
    this.#session.midResponse = true;
    await this.#flush();
    let sent = 0;
    for await (const chunk of chunks) {
      sent += chunk.length;
      await this.#session.send(chunk);
    }
    if (sent !== size) throw new Error(`announced ${size} bytes and had ${sent}`);
  }

  #gather(bytes: string | Buffer): void {
    this.#pieces.push(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
  }

  #gatherExactly(bytes: Buffer, size: number): void {
    if (bytes.length !== size) throw new Error(`announced ${size} bytes and had ${bytes.length}`);
    this.#gather(bytes);
  }

  async #flush(): Promise<void> {
    await this.#session.send(Buffer.concat(this.#pieces.splice(0)));
  }
}
