/** One SMTP conversation: replies by their code, a message by DATA or BDAT, and the ways to leave in the middle of one. */
import { setTimeout as delay } from 'node:timers/promises';
import { ClosedError, LineSocket } from './line-socket.ts';
import type { Random } from './random.ts';

export interface SmtpReply {
  code: number;
  text: string;
}

/** How the bytes of a message go out. */
export interface Handover {
  by: 'DATA' | 'BDAT';
  pipelined: boolean;
  /** Pauses between pieces, so that the message is still coming when something happens. */
  slow: boolean;
  /** After so many bytes of what is written the client leaves; all of them: it leaves without reading the reply. */
  cutAt: 'never' | 'amid' | 'amid the end' | 'after the end';
}

const PIECE_BYTES = 64 * 1024;
const END_OF_DATA = '.\r\n';

/** The conversation ended before the message's reply: because the client left, or the server. */
export class LeftError extends Error {
  /** All of the message had been written. */
  readonly complete: boolean;
  readonly onPurpose: boolean;
  constructor(complete: boolean, onPurpose: boolean, options?: ErrorOptions) {
    super('no reply to the message', options);
    this.complete = complete;
    this.onPurpose = onPurpose;
  }
}

/** RFC 5321 §4.5.2: a period more where a line begins with one. */
function stuff(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1').replaceAll('\r\n.', '\r\n..');
  return Buffer.from(text.startsWith('.') ? `.${text}` : text, 'latin1');
}

interface Stream {
  bytes: Buffer;
  /** How many replies it gets where nothing goes wrong. */
  replies: number;
}

/** What follows 354, or all BDAT commands with their chunks: one reply each (RFC 3030 §2). */
function encode(bytes: Buffer, by: Handover['by'], random: Random): Stream {
  if (by === 'DATA') return { bytes: Buffer.concat([stuff(bytes), Buffer.from(END_OF_DATA)]), replies: 1 };
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const chunk = bytes.subarray(at, at + random.between(1, Math.max(1, bytes.length)));
    at += chunk.length;
    pieces.push(Buffer.from(`BDAT ${chunk.length}${at === bytes.length ? ' LAST' : ''}\r\n`), chunk);
  }
  return { bytes: Buffer.concat(pieces), replies: pieces.length / 2 };
}

function cutOffset(total: number, handover: Handover, random: Random): number | undefined {
  if (handover.cutAt === 'never') return undefined;
  if (handover.cutAt === 'after the end') return total;
  // Amid the final CRLF.CRLF, or the last octets of the last chunk.
  if (handover.cutAt === 'amid the end') return total - random.between(1, 4);
  return random.between(0, total - 5);
}

export class SmtpClient {
  readonly #socket: LineSocket;

  private constructor(socket: LineSocket) {
    this.#socket = socket;
  }

  static async open(port: number, tls: boolean): Promise<SmtpClient> {
    const client = new SmtpClient(await LineSocket.open(port, tls));
    await client.reply();
    await client.ask('EHLO ledger.example');
    return client;
  }

  async reply(): Promise<SmtpReply> {
    for (;;) {
      const line = await this.#socket.line();
      if (line[3] !== '-') return { code: Number(line.slice(0, 3)), text: line };
    }
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  ask(line: string): Promise<SmtpReply> {
    this.#socket.send(`${line}\r\n`);
    return this.reply();
  }

  close(): void {
    this.#socket.cut();
  }

  /** Sends a message whose transaction is open; its one reply. Throws `LeftError` where there is none. */
  async hand(bytes: Buffer, handover: Handover, random: Random): Promise<SmtpReply> {
    const { bytes: stream, replies } = encode(bytes, handover.by, random);
    const cutAt = cutOffset(stream.length, handover, random);
    const end = cutAt ?? stream.length;
    let written = 0;
    try {
      while (written < end) {
        const piece = stream.subarray(written, Math.min(end, written + PIECE_BYTES));
        written += piece.length;
        await this.#socket.push(piece);
        if (handover.slow) await delay(random.between(0, 400));
      }
      if (cutAt === undefined) return await this.#lastReply(replies);
    } catch (error) {
      if (!(error instanceof ClosedError)) throw error;
      throw new LeftError(written === stream.length, false, { cause: error });
    }
    this.#socket.cut(random.chance(0.5));
    throw new LeftError(cutAt === stream.length, true);
  }

  /** The last reply is the message's, an earlier one where it refuses. */
  async #lastReply(count: number): Promise<SmtpReply> {
    let last = await this.reply();
    for (let read = 1; read < count; read++) {
      const reply = await this.reply();
      if (last.code < 400) last = reply;
    }
    return last;
  }
}
