/** A client's connection that is read by lines. Whatever ends it makes the read under way, and later ones, throw `ClosedError`. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { connect as connectTls } from 'node:tls';

export class ClosedError extends Error {}

/** Longer than any command takes, unless the server forgot about it. */
const PATIENCE_MS = 60_000;

export class LineSocket {
  readonly #socket: Socket;
  readonly #lines: AsyncIterator<string>;
  readonly #closed = new AbortController();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setTimeout(PATIENCE_MS, () => socket.destroy());
    socket.once('close', () => this.#closed.abort());
    socket.on('error', () => undefined); // the pending read fails with "closed"
    const lines = createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY });
    socket.once('close', () => lines.close()); // it sees an orderly end by itself, but no reset
    this.#lines = lines[Symbol.asyncIterator]();
  }

  static async open(port: number, tls: boolean): Promise<LineSocket> {
    const options = { port, host: '127.0.0.1', rejectUnauthorized: false };
    const socket = tls ? connectTls(options) : connect(options);
    socket.setNoDelay(true);
    await once(socket, tls ? 'secureConnect' : 'connect').catch((cause: unknown) => {
      throw new ClosedError('no connection', { cause });
    });
    return new LineSocket(socket);
  }

  async line(): Promise<string> {
    const next = this.#lines.next();
    const { value, done } = await next.catch((cause: unknown) => Promise.reject(new ClosedError('reset', { cause })));
    if (done) throw new ClosedError('closed');
    return value;
  }

  send(bytes: string | Buffer): void {
    this.#socket.write(bytes);
  }

  /** As `send`, but waits while the server takes nothing. */
  async push(bytes: Buffer): Promise<void> {
    if (this.#socket.destroyed) throw new ClosedError('closed');
    if (this.#socket.write(bytes)) return;
    await once(this.#socket, 'drain', { signal: this.#closed.signal }).catch(() => undefined); // closed: told below
    if (this.#socket.destroyed) throw new ClosedError('closed');
  }

  /** Leaves at once; `afterSending` what was written still goes out. */
  cut(afterSending = false): void {
    if (afterSending) this.#socket.destroySoon();
    else this.#socket.destroy();
  }
}
