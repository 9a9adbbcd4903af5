/**
 * A mail server for tests that does what its script says and remembers what it was told. Without a script it takes everything.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';

/** A reply without its CRLF (several lines with CRLF between), `cut` (close at once), `lost` (take it, then close without a word), or `hang` (say nothing). */
type ScriptedReply = string;

interface ReceivedMessage {
  mail: string;
  /** RCPT lines that were answered 250. */
  rcpts: string[];
  /** As sent, dots unstuffed. */
  bytes: Buffer;
  tls: boolean;
  connection: number;
}

export interface ScriptedMxOptions {
  /** Keywords of the EHLO reply. */
  extensions?: readonly string[];
  /** Certificate for STARTTLS, or `broken`: says 220 and then garbage. */
  tls?: { key: string; cert: string } | 'broken';
  /** Address to listen at, and port (0: any). */
  address?: string;
  port?: number;
  /**
   * The reply to a command line, to `(greeting)`, to `(chunk)`, a BDAT that is not the last, and to `(message)`, the end of data or of
   * the last BDAT; undefined for the usual. Called once each.
   */
  reply?: (line: string, connection: number) => ScriptedReply | undefined;
}

export interface ScriptedMx {
  port: number;
  messages: ReceivedMessage[];
  /** Every command line, `n: line` with the connection's number. */
  transcript: string[];
  connections: number;
  /** Of them, those that are open now. */
  readonly open: number;
  /** Commands that came in the same chunk as the one before. */
  pipelined: number;
  options: ScriptedMxOptions;
  /** Resolves when a line of the transcript contains `text`, a past one too. */
  saw: (text: string) => Promise<void>;
  /** Sends a line to everybody connected in clear, asked for or not. */
  say: (line: string) => void;
  close: () => Promise<void>;
}

interface Chunk {
  missing: number;
  last: boolean;
}

const END_OF_DATA = Buffer.from('\r\n.\r\n');

class MxSession {
  readonly #mx: ScriptedMx;
  readonly #number: number;
  readonly #noted: () => void;
  #socket: Socket;
  #input = Buffer.alloc(0);
  #inData = false;
  /** Octets of a BDAT still to come, and whether it is the last. */
  #chunk: Chunk | null = null;
  #message: Buffer[] = [];
  #tail = Buffer.alloc(0);
  #tls = false;
  #mail = '';
  #rcpts: string[] = [];

  constructor(mx: ScriptedMx, socket: Socket, noted: () => void) {
    this.#mx = mx;
    this.#noted = noted;
    this.#number = mx.connections;
    this.#socket = socket;
    this.#listen(socket);
    this.#answer('(greeting)', '220 mx.test ESMTP');
  }

  #listen(socket: Socket): void {
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', () => socket.destroy());
  }

  #take(chunk: Buffer): void {
    this.#input = Buffer.concat([this.#input, chunk]);
    for (let taken = 0; this.#takeNext(); taken += 1) {
      if (taken > 0) this.#mx.pipelined += 1;
    }
  }

  #takeNext(): boolean {
    if (this.#chunk !== null) return this.#takeChunk(this.#chunk);
    return this.#inData ? this.#takeMessage() : this.#takeLine();
  }

  /** BDAT (RFC 3030 §2): the octets are the message's whatever the reply. */
  #takeChunk(chunk: Chunk): boolean {
    const octets = this.#input.subarray(0, chunk.missing);
    this.#message.push(octets);
    this.#input = this.#input.subarray(octets.length);
    chunk.missing -= octets.length;
    if (chunk.missing > 0) return false;
    this.#chunk = null;
    if (chunk.last) this.#note('(message)');
    const taken = this.#answer(chunk.last ? '(message)' : '(chunk)', '250 2.0.0 taken');
    if (chunk.last && taken) this.#keep(Buffer.concat(this.#message));
    if (chunk.last) this.#message = [];
    return true;
  }

  #keep(bytes: Buffer): void {
    const { messages } = this.#mx;
    messages.push({ mail: this.#mail, rcpts: this.#rcpts, bytes, tls: this.#tls, connection: this.#number });
    this.#rcpts = [];
  }

  #takeLine(): boolean {
    const end = this.#input.indexOf('\r\n');
    if (end < 0) return false;
    const line = this.#input.toString('utf8', 0, end);
    this.#input = this.#input.subarray(end + 2);
    this.#note(line);
    this.#run(line);
    return true;
  }

  /** Only the bytes that are new, and four before them, are searched: a message may be large. */
  #takeMessage(): boolean {
    const before = this.#message.length;
    this.#message.push(this.#input);
    this.#input = Buffer.alloc(0);
    const tail = Buffer.concat([this.#tail, ...this.#message.slice(before)]);
    const end = tail.indexOf(END_OF_DATA);
    if (end < 0) {
      this.#tail = Buffer.from(tail.subarray(-4));
      return false;
    }
    const all = Buffer.concat(this.#message);
    const behind = tail.length - end - END_OF_DATA.length;
    this.#input = Buffer.from(all.subarray(all.length - behind));
    const sent = all.toString('latin1', 0, all.length - behind - 3);
    const bytes = Buffer.from(sent.replaceAll('\r\n..', '\r\n.').replace(/^\.\./, '.'), 'latin1');
    this.#inData = false;
    this.#note('(message)');
    if (this.#answer('(message)', '250 2.0.0 taken')) this.#keep(bytes);
    return true;
  }

  #run(line: string): void {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'MAIL') this.#message = [];
    if (verb === 'EHLO') {
      const lines = ['mx.test', ...(this.#mx.options.extensions ?? ['PIPELINING', '8BITMIME', 'SIZE 50000000', 'DSN'])];
      if (this.#mx.options.tls && !this.#tls) lines.push('STARTTLS');
      this.#answer(
        line,
        lines.map((text, index) => `250${index === lines.length - 1 ? ' ' : '-'}${text}`).join('\r\n'),
      );
    } else if (verb === 'MAIL') {
      this.#mail = line;
      this.#rcpts = [];
      this.#answer(line, '250 2.1.0 ok');
    } else if (verb === 'RCPT') {
      if (this.#answer(line, '250 2.1.5 ok')) this.#rcpts.push(line);
    } else if (verb === 'DATA') this.#beginMessage(line);
    else if (verb === 'BDAT') {
      const [, size, last] = line.split(' ');
      this.#chunk = { missing: Number(size), last: last === 'LAST' };
    } else if (verb === 'STAR') this.#startTls(line);
    else if (verb === 'QUIT') {
      this.#answer(line, '221 bye');
      this.#socket.end();
    } else this.#answer(line, '250 ok');
  }

  #beginMessage(line: string): void {
    this.#inData = this.#answer(line, '354 go on');
    this.#message = [];
    // The CRLF before the final dot may be the one that ended DATA's own line: an empty message.
    this.#tail = Buffer.from('\r\n');
  }

  /** True where the reply was positive. */
  #answer(line: string, usual: string): boolean {
    const reply = this.#mx.options.reply?.(line, this.#number) ?? usual;
    if (reply === 'hang') return false;
    if (reply === 'cut' || reply === 'lost') {
      this.#socket.destroy();
      return reply === 'lost';
    }
    this.#socket.write(`${reply}\r\n`);
    if (reply.startsWith('421')) this.#socket.end();
    return /^[23]/.test(reply);
  }

  #startTls(line: string): void {
    const { tls } = this.#mx.options;
    if (!this.#answer(line, '220 go on') || !tls) return;
    if (tls === 'broken') {
      this.#socket.write('this is no TLS\r\n');
      return;
    }
    this.#socket.removeAllListeners('data');
    const secure = new TLSSocket(this.#socket, { isServer: true, secureContext: createSecureContext(tls) });
    this.#socket = secure;
    this.#tls = true;
    this.#listen(secure);
  }

  #note(line: string): void {
    this.#mx.transcript.push(`${this.#number}: ${line}`);
    this.#noted();
  }
}

export async function startScriptedMx(options: ScriptedMxOptions = {}): Promise<ScriptedMx> {
  const waiters = new Set<() => void>();
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    mx.connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    new MxSession(mx, socket, () => waiters.forEach((check) => void check()));
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, options.address ?? '127.0.0.1', resolve));
  const mx: ScriptedMx = {
    port: (server.address() as AddressInfo).port,
    messages: [],
    transcript: [],
    connections: 0,
    get open() {
      return sockets.size;
    },
    pipelined: 0,
    options,
    saw: (text) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (!mx.transcript.some((line) => line.includes(text))) return;
          waiters.delete(check);
          resolve();
        };
        waiters.add(check);
        check();
      }),
    say: (line) => {
      for (const socket of sockets) socket.write(`${line}\r\n`);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return mx;
}
