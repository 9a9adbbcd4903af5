/**
 * A client's socket as the services see it. Where `InputReader` has read ahead enough the socket is paused, and the peer's own TCP window
 * holds the rest. Output queued while corked is sent whenever a read has to wait, so corking can never deadlock.
 *
 * Socket errors end reads and writes with `ConnectionError`; they never throw elsewhere. A peer that closed its sending side
 * is still answered: what it sent before is served first.
 */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { AccessDecision } from '#server/access-rules/types.ts';
import type { Logger } from '#server/logger.ts';
import type { Soon } from '#server/soon.ts';
import { bindChannel, type ChannelBindingType } from './channel-binding.ts';
import { InputReader } from './input-reader.ts';
import type { TlsProvider } from './tls-provider.ts';
import { acceptTls, readTlsFacts } from './tls-upgrade.ts';
import { type Connection, ConnectionError, type TlsFacts } from './types.ts';
import { type SocketWait, waitForSocket } from './wait-for-socket.ts';

export interface SocketConnectionOptions {
  id: string;
  /** Called once, when the first line is logged. */
  createLog: () => Logger;
  peer: { address: string; port: number };
  local: { address: string; port: number };
  peerName: string | null;
  access: AccessDecision;
  shutdown: AbortSignal;
  tls: TlsProvider;
  writeTimeoutMs: number;
  handshakeTimeoutMs: number;
  /** How long a revoked session may take over its goodbye. */
  revokedGraceMs: number;
}

function revoked(): ConnectionError {
  return new ConnectionError('revoked', 'the right to the session has ended');
}

function stopping(): ConnectionError {
  return new ConnectionError('shutdown', 'the engine is stopping');
}

export class SocketConnection implements Connection {
  readonly id: string;
  readonly peer: { address: string; port: number };
  readonly local: { address: string; port: number };
  readonly peerName: string | null;
  readonly access: AccessDecision;
  readonly shutdown: AbortSignal;
  tls: TlsFacts | null = null;
  readonly #options: SocketConnectionOptions;
  readonly #input: InputReader;
  #socket: Socket;
  #log: Logger | undefined;
  /** Ends a deliberate delay early. */
  #holding: ((error: ConnectionError) => void) | undefined;
  #corked = false;
  /** `#flushSoon` is under way. */
  #flushing = false;
  #closed = false;
  /** Runs from `revoke` until the connection is closed. */
  #revoked: NodeJS.Timeout | undefined;

  constructor(socket: Socket, options: SocketConnectionOptions) {
    this.id = options.id;
    this.peer = options.peer;
    this.local = options.local;
    this.peerName = options.peerName;
    this.access = options.access;
    this.shutdown = options.shutdown;
    this.#options = options;
    this.#socket = socket;
    this.#input = new InputReader({
      beforeWait: () => this.#prepareToWait(),
      refusal: (idle) => (this.#revoked ? revoked() : idle && this.shutdown.aborted ? stopping() : undefined),
    });
    this.#attach(socket);
  }

  get log(): Logger {
    this.#log ??= this.#options.createLog();
    return this.#log;
  }

  get buffered(): number {
    return this.#input.length;
  }

  readLine(maxBytes: number, timeoutMs: number): Soon<Buffer> {
    this.#requireRight();
    return this.#input.readLine(maxBytes, timeoutMs);
  }

  readExactly(count: number, timeoutMs: number): Soon<Buffer> {
    this.#requireRight();
    return this.#input.readExactly(count, timeoutMs);
  }

  readSome(maxBytes: number, timeoutMs: number): Soon<Buffer> {
    this.#requireRight();
    return this.#input.readSome(maxBytes, timeoutMs);
  }

  unread(bytes: Buffer): void {
    this.#input.unread(bytes);
  }

  async waitForInput(timeoutMs: number, signal: AbortSignal): Promise<void> {
    this.#requireRight();
    if (signal.aborted) return;
    const ended = Promise.withResolvers<void>();
    const onAbort = () => ended.resolve();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      await Promise.race([this.#input.waitForAny(timeoutMs), ended.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#input.forget();
    }
  }

  async hold(signal: AbortSignal): Promise<void> {
    this.#flush();
    this.#requireRight();
    if (this.#closed || this.#input.hasEnded) {
      throw new ConnectionError('closed', 'the peer closed the connection');
    }
    if (this.shutdown.aborted) throw stopping();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = () => resolve();
    this.#holding = reject;
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) resolve();
    try {
      await promise;
    } finally {
      this.#holding = undefined;
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** True when the peer sent nothing for `ms`, false as soon as it does. Rejects when it closes. */
  async staysSilent(ms: number): Promise<boolean> {
    try {
      await this.#input.waitForAny(ms);
    } catch (error) {
      if (error instanceof ConnectionError && error.code === 'timeout') return true;
      throw error;
    }
    return false;
  }

  write(bytes: Buffer | string): Promise<void> | undefined {
    if (this.#closed || !this.#socket.writable) {
      return Promise.reject(new ConnectionError('closed', 'the connection is closed'));
    }
    if (this.#corked && this.#socket.writableCorked === 0) this.#socket.cork();
    if (this.#socket.write(bytes)) return undefined;
    this.#flush();
    return this.#socket.writableNeedDrain ? this.#drain() : undefined;
  }

  cork(): void {
    this.#corked = true;
  }

  uncork(): void {
    this.#corked = false;
    this.#flush();
  }

  async startTls(): Promise<void> {
    this.uncork();
    if (this.#input.length > 0) {
      this.destroy();
      throw new ConnectionError('closed', 'input in clear behind the command that starts TLS');
    }
    // The end came already: what continues the socket would wait for another until its deadline.
    if (this.#input.hasEnded) throw new ConnectionError('closed', 'the peer closed before the TLS handshake');
    const plain = this.#socket;
    plain.removeAllListeners('data');
    plain.removeAllListeners('end');
    const secure = acceptTls(plain, this.#options.tls);
    this.#socket = secure;
    // Before the handshake ends no byte can be plain text of the peer's, so reading may begin at once.
    this.#attach(secure);
    await this.#handshake(secure);
    this.tls = readTlsFacts(secure);
  }

  channelBinding(type: ChannelBindingType): Buffer | null {
    const socket = this.#socket;
    return this.tls && socket instanceof TLSSocket && !this.#closed ? bindChannel(socket, type) : null;
  }

  destroy(): void {
    this.#socket.destroy();
    this.#markClosed();
  }

  revoke(): void {
    if (this.#revoked || this.#closed) return;
    this.#revoked = setTimeout(() => this.destroy(), this.#options.revokedGraceMs);
    this.#fail(revoked());
  }

  /** Called by the listener when `shutdown` has aborted: one call per connection is cheaper than a listener per wait. */
  interrupt(): void {
    if (this.#input.isIdle || this.#holding) this.#fail(stopping());
  }

  /**
   * Sends what is queued, within the write deadline, then closes; resolves when the peer has closed too or `lingerMs` after the last
   * byte left. Late input is read and dropped: bytes left unread would make the system cut the connection before its last answer.
   */
  async end(lingerMs: number): Promise<void> {
    if (this.#socket.destroyed) return;
    this.uncork();
    const socket = this.#socket;
    const done = Promise.withResolvers<void>();
    const destroy = () => socket.destroy();
    const timers = [setTimeout(destroy, this.#options.writeTimeoutMs)];
    socket.once('close', () => done.resolve());
    socket.removeAllListeners('data');
    socket.on('data', () => undefined).resume();
    this.#input.clear();
    socket.end(() => timers.push(setTimeout(destroy, lingerMs)));
    await done.promise;
    for (const timer of timers) clearTimeout(timer);
  }

  #attach(socket: Socket): void {
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('end', () => {
      this.#input.end();
      this.#holding?.(new ConnectionError('closed', 'the peer closed'));
    });
    // Every error is followed by `close`, which ends the session.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (socket === this.#socket) this.#markClosed();
    });
  }

  #receive(chunk: Buffer): void {
    if (this.#input.push(chunk)) this.#socket.pause();
  }

  #markClosed(): void {
    this.#closed = true;
    clearTimeout(this.#revoked);
    this.#input.close();
    this.#holding?.(new ConnectionError('closed', 'the peer closed the connection'));
  }

  #requireRight(): void {
    if (this.#revoked) throw revoked();
  }

  #prepareToWait(): void {
    this.#flushSoon();
    if (this.#socket.isPaused()) this.#socket.resume();
  }

  #fail(error: ConnectionError): void {
    this.#input.fail(error);
    this.#holding?.(error);
  }

  /**
   * At the end of this turn of the event loop, when everything that has come in is served: a client that is woken sooner takes the
   * processor from the service of the others.
   */
  #flushSoon(): void {
    if (this.#flushing || this.#socket.writableCorked === 0) return;
    this.#flushing = true;
    setImmediate(() => {
      this.#flushing = false;
      this.#flush();
    });
  }

  /**
   * Lets corked output go. The cork is back with the next write and no sooner: while an earlier write is on its way to a slow
   * peer, a corked socket would keep what is queued behind it for ever.
   */
  #flush(): void {
    if (this.#socket.writableCorked > 0) this.#socket.uncork();
  }

  #drain(): Promise<void> {
    return this.#waitFor(this.#socket, {
      event: 'drain',
      endings: ['close'],
      closed: 'the peer closed the connection',
      timeoutMs: this.#options.writeTimeoutMs,
      late: 'the peer took nothing in time',
    });
  }

  #handshake(secure: TLSSocket): Promise<void> {
    return this.#waitFor(secure, {
      event: 'secure',
      endings: ['end', 'close'],
      closed: 'the TLS handshake failed',
      timeoutMs: this.#options.handshakeTimeoutMs,
      late: 'the TLS handshake took too long',
    });
  }

  #waitFor(socket: Socket, wait: SocketWait): Promise<void> {
    return waitForSocket(socket, wait, () => this.destroy());
  }
}
