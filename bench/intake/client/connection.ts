/** One SMTP connection of the load: sends messages one after the other, and refuses to go on after any reply but the expected one. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Mode } from './task.ts';

export interface Letter {
  sender: string;
  recipient: string;
  /** With CRLF at the end, no line beginning with a period. */
  bytes: Buffer;
}

const LINE_END = '\r\n';
const FINAL_DOT = Buffer.from('.\r\n');

export class LoadConnection {
  readonly #socket: Socket;
  readonly #mode: Mode;
  #received = '';
  #arrived: (() => void) | undefined;
  #failure: Error | undefined;

  private constructor(socket: Socket, mode: Mode) {
    this.#socket = socket;
    this.#mode = mode;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#take(text));
    socket.on('close', () => this.#fail(new Error('the server closed the connection')));
    socket.on('error', (error) => this.#fail(error));
  }

  static async open(port: number, mode: Mode): Promise<LoadConnection> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const connection = new LoadConnection(socket, mode);
    await connection.#expect(['220']);
    await connection.#ask('EHLO client.example', '250');
    return connection;
  }

  /** Resolves to the milliseconds from the last octet to the reply. */
  async send({ sender, recipient, bytes }: Letter): Promise<number> {
    const mail = `MAIL FROM:<${sender}>`;
    const rcpt = `RCPT TO:<${recipient}>`;
    if (this.#mode === 'chunking') {
      this.#socket.cork();
      this.#socket.write([mail, rcpt, `BDAT ${bytes.length} LAST`, ''].join(LINE_END));
      this.#socket.write(bytes);
      this.#socket.uncork();
      const sent = performance.now();
      await this.#expect(['250', '250', '250']);
      return performance.now() - sent;
    }
    if (this.#mode === 'pipelining') {
      this.#socket.write([mail, rcpt, 'DATA', ''].join(LINE_END));
      await this.#expect(['250', '250', '354']);
    } else {
      await this.#ask(mail, '250');
      await this.#ask(rcpt, '250');
      await this.#ask('DATA', '354');
    }
    this.#socket.cork();
    this.#socket.write(bytes);
    this.#socket.write(FINAL_DOT);
    this.#socket.uncork();
    const sent = performance.now();
    await this.#expect(['250']);
    return performance.now() - sent;
  }

  async close(): Promise<void> {
    await this.#ask('QUIT', '221');
    this.#socket.removeAllListeners('close');
    this.#socket.destroy();
  }

  async #ask(command: string, code: string): Promise<void> {
    this.#socket.write(`${command}${LINE_END}`);
    await this.#expect([code]);
  }

  /** Waits for as many replies as there are codes. */
  async #expect(codes: readonly string[]): Promise<void> {
    for (const code of codes) {
      const reply = await this.#readReply();
      if (!reply.startsWith(code)) throw new Error(`expected ${code}, got: ${reply}`);
    }
  }

  /** The last line of a reply (RFC 5321 §4.2.1). */
  async #readReply(): Promise<string> {
    for (;;) {
      const end = this.#received.indexOf(LINE_END);
      if (end >= 0) {
        const line = this.#received.slice(0, end);
        this.#received = this.#received.slice(end + LINE_END.length);
        if (line[3] !== '-') return line;
        continue;
      }
      if (this.#failure) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }

  #take(text: string): void {
    this.#received += text;
    this.#arrived?.();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#arrived?.();
  }
}
