/** A client for transcripts on real sockets: sends exactly the bytes it is told, reads lines, and can go on in TLS. */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

const PATIENCE_MS = 20_000;

interface LineClientOptions {
  tls?: boolean;
  /** The newest the client speaks. */
  tlsVersion?: 'TLSv1.2';
  host?: string;
  /** In clear: where the client is, on this machine. */
  localAddress?: string;
}

export class LineClient {
  #socket: Socket;
  #received = '';
  #ended = false;
  #wake: (() => void) | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#attach(socket);
  }

  static async connect(port: number, options: LineClientOptions = {}): Promise<LineClient> {
    const { host = '127.0.0.1', localAddress } = options;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const socket = options.tls
      ? connectTls({ host, port, rejectUnauthorized: false, maxVersion: options.tlsVersion ?? 'TLSv1.3' }, resolve)
      : connectTcp({ host, port, noDelay: true, ...(localAddress && { localAddress }) }, resolve);
    socket.once('error', reject);
    await promise;
    return new LineClient(socket);
  }

  get socket(): Socket {
    return this.#socket;
  }

  send(text: string | Buffer): void {
    this.#socket.write(typeof text === 'string' ? Buffer.from(text, 'latin1') : text);
  }

  /** The next line without its CRLF; `undefined` at the end of the connection. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#received.indexOf('\r\n');
      if (end >= 0) {
        const line = this.#received.slice(0, end);
        this.#received = this.#received.slice(end + 2);
        return line;
      }
      if (this.#ended) return undefined;
      await this.#more();
    }
  }

  /** An SMTP reply, its lines joined by LF (RFC 5321 §4.2.1). */
  async reply(): Promise<string> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.line();
      if (line === undefined) return [...lines, '(closed)'].join('\n');
      lines.push(line);
      if (line[3] !== '-') return lines.join('\n');
    }
  }

  async ask(command: string): Promise<string> {
    this.send(`${command}\r\n`);
    return await this.reply();
  }

  /** The lines of a multi-line POP3 response after its status line, dots unstuffed (RFC 1939 §3). */
  async dotLines(): Promise<string[]> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.line();
      if (line === undefined || line === '.') return lines;
      lines.push(line.startsWith('.') ? line.slice(1) : line);
    }
  }

  /** Everything until the server closes. */
  async rest(): Promise<string> {
    while (!this.#ended) await this.#more();
    return this.#received;
  }

  async startTls(): Promise<void> {
    this.#socket.removeAllListeners('data');
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const secure = connectTls({ socket: this.#socket, rejectUnauthorized: false }, resolve);
    secure.once('error', reject);
    await promise;
    this.#socket = secure;
    this.#attach(secure);
  }

  /** Closes the sending side, as a client that has said all it had. */
  finish(): void {
    this.#socket.end();
  }

  /** Cuts the connection. */
  cut(): void {
    this.#socket.destroy();
  }

  #attach(socket: Socket): void {
    const stop = () => {
      this.#ended = true;
      this.#wake?.();
    };
    socket.on('data', (chunk: Buffer) => {
      this.#received += chunk.toString('latin1');
      this.#wake?.();
    });
    socket.on('error', stop);
    socket.on('end', stop);
    socket.on('close', stop);
  }

  async #more(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(
      () => reject(new Error(`nothing came; received last: ${this.#received.slice(-300)}`)),
      PATIENCE_MS,
    );
    this.#wake = resolve;
    await promise;
    clearTimeout(timer);
  }
}
