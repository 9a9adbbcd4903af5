/**
 * One SMTP connection as commands out and replies in. The channel counts what it asked: a reply nobody asked for ends it
 * (421 excepted, which a server may say at any time: RFC 5321 §3.8), so replies held are never more than commands sent.
 * Every wait has a deadline over the whole reply, which a peer that drips bytes cannot stretch.
 */
import { isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { Clock } from '#engine/queue/clock.ts';
import { ReplyParser, type SmtpReply } from '#engine/wire/smtp/reply.ts';
import { SessionError } from './session-error.ts';

interface Waiter {
  resolve: (reply: SmtpReply) => void;
  reject: (error: SessionError) => void;
}

export class Channel {
  readonly #clock: Clock;
  #socket: Socket;
  #parser = new ReplyParser();
  #replies: SmtpReply[] = [];
  /** Commands sent (the connection itself counts as one: the greeting) less replies received. */
  #expected = 1;
  #endSent = false;
  #waiter: Waiter | null = null;
  #failure: SessionError | null = null;
  #onFailure: ((error: SessionError) => void) | null = null;
  readonly #onData = (chunk: Buffer): void => this.#take(chunk);
  readonly #onClose = (): void => void this.#fail(new SessionError('closed', 'the peer closed the connection'));
  readonly #onError = (error: Error): void => void this.#fail(new SessionError('closed', error.message));

  constructor(socket: Socket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    this.#listen(socket);
  }

  /** What ended the channel; null while it is open. */
  get failure(): SessionError | null {
    return this.#failure;
  }

  /** True where a reply is there to read: one that comes while a message is still being sent. */
  get hasReply(): boolean {
    return this.#replies.length > 0;
  }

  /** True from the end of a message until all replies are there: the server may have taken it. */
  get awaitsVerdict(): boolean {
    return this.#endSent && this.#expected > 0;
  }

  get peer(): string {
    return `${this.#socket.remoteAddress ?? ''}:${this.#socket.remotePort ?? ''}`;
  }

  /** Sends command lines (without CRLF) at once; each is owed a reply. */
  async send(commands: readonly string[], timeoutMs: number): Promise<void> {
    this.#expected += commands.length;
    this.#endSent = false;
    await this.#write([Buffer.from(commands.map((command) => `${command}\r\n`).join(''))], timeoutMs);
  }

  async command(line: string, timeoutMs: number): Promise<SmtpReply> {
    await this.send([line], timeoutMs);
    return this.readReply(timeoutMs);
  }

  /** The reply to a message counts from its first byte: a server may refuse in the middle. */
  expectReply(): void {
    this.#expected += 1;
  }

  /** Resolves when the peer keeps up (back-pressure). */
  writeData(pieces: readonly Buffer[], timeoutMs: number): Promise<void> {
    return this.#write(pieces, timeoutMs);
  }

  /** The last of a message. */
  writeEnd(pieces: readonly Buffer[], timeoutMs: number): Promise<void> {
    this.#endSent = true;
    return this.#write(pieces, timeoutMs);
  }

  readReply(timeoutMs: number): Promise<SmtpReply> {
    const reply = this.#replies.shift();
    if (reply) return Promise.resolve(reply);
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.setTimer(timeoutMs, () => this.#fail(new SessionError('timeout', 'no reply in time')));
      this.#waiter = {
        resolve: (answer) => {
          cancel();
          resolve(answer);
        },
        reject: (error) => {
          cancel();
          reject(error);
        },
      };
    });
  }

  /**
   * TLS in place, after the 220 to STARTTLS. The certificate is not required to verify (RFC 7435: opportunistic); whether it does
   * is in the returned socket. What the peer sent in clear behind its 220 is refused, not taken as said under TLS.
   */
  async startTls(serverName: string, timeoutMs: number): Promise<TLSSocket> {
    if (this.#parser.pending || this.hasReply) throw this.#fail(new SessionError('protocol', 'bytes behind STARTTLS'));
    const plain = this.#socket;
    plain.off('data', this.#onData).off('close', this.#onClose).off('error', this.#onError);
    const secure = connectTls({
      socket: plain,
      rejectUnauthorized: false,
      ...(isIP(serverName) === 0 && { servername: serverName }),
    });
    this.#socket = secure;
    plain.on('error', (error) => secure.destroy(error));
    await this.#handshake(secure, timeoutMs);
    this.#parser = new ReplyParser();
    this.#listen(secure);
    return secure;
  }

  /** Says goodbye without waiting for the answer. */
  quit(): void {
    if (this.#failure) return;
    this.#expected += 1;
    this.#socket.end('QUIT\r\n');
    const cancel = this.#clock.setTimer(5_000, () => this.#socket.destroy());
    this.#socket.once('close', cancel);
  }

  /** Cuts the connection: what the server has of a message is dropped, for it never saw its end. */
  destroy(reason: string): void {
    this.#fail(new SessionError('aborted', reason));
  }

  #handshake(secure: TLSSocket, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.setTimer(timeoutMs, () => fail('no TLS handshake in time'));
      const fail = (reason: string): void => {
        cancel();
        reject(this.#fail(new SessionError('tls', `TLS handshake failed: ${reason}`)));
      };
      secure.once('secureConnect', () => {
        cancel();
        secure.removeAllListeners('error').removeAllListeners('close');
        resolve();
      });
      secure.once('error', (error) => fail(error.message));
      secure.once('close', () => fail('connection closed'));
      this.#onFailure = (error) => {
        cancel();
        reject(error);
      };
    });
  }

  #listen(socket: Socket): void {
    this.#onFailure = null;
    socket.on('data', this.#onData).on('close', this.#onClose).on('error', this.#onError);
  }

  #take(chunk: Buffer): void {
    if (this.#failure) return;
    try {
      for (const reply of this.#parser.push(chunk)) this.#deliver(reply);
    } catch (error) {
      this.#fail(new SessionError('protocol', error instanceof Error ? error.message : String(error)));
    }
  }

  #deliver(reply: SmtpReply): void {
    if (this.#failure) return;
    if (this.#expected === 0) {
      const code = reply.code === 421 ? 'closed' : 'protocol';
      this.#fail(new SessionError(code, 'a reply to nothing', reply));
      return;
    }
    this.#expected -= 1;
    if (this.#waiter) {
      const waiter = this.#waiter;
      this.#waiter = null;
      waiter.resolve(reply);
    } else this.#replies.push(reply);
  }

  #fail(error: SessionError): SessionError {
    if (this.#failure) return this.#failure;
    this.#failure = error;
    this.#socket.destroy();
    this.#waiter?.reject(error);
    this.#waiter = null;
    this.#onFailure?.(error);
    return error;
  }

  #write(pieces: readonly Buffer[], timeoutMs: number): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure);
    const socket = this.#socket;
    socket.cork();
    let flowing = true;
    for (const piece of pieces) flowing = socket.write(piece);
    socket.uncork();
    return flowing ? Promise.resolve() : this.#drained(socket, timeoutMs);
  }

  #drained(socket: Socket, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        cancel();
        socket.off('drain', settle).off('close', settle);
        if (this.#failure) reject(this.#failure);
        else resolve();
      };
      const cancel = this.#clock.setTimer(timeoutMs, () => {
        this.#fail(new SessionError('timeout', 'the peer takes no data'));
        settle();
      });
      socket.on('drain', settle).on('close', settle);
    });
  }
}
