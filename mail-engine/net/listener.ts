/**
 * The listener of one service: binds its addresses, counts, refuses over the limits, brings up implicit TLS, runs the service's
 * handler and closes after it. A handler that throws costs its own connection only.
 *
 * Refused: a port that cannot be bound (rejects with the system's error, nothing left open), connections over a limit
 * (`busyLine`, then closed). An IPv6 address on a machine without IPv6 is skipped while another address could be bound.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { AccessDecision } from '#server/access-rules/types.ts';
import type { Logger } from '#server/logger.ts';
import { bindServer } from './bind.ts';
import { createConnectionIds } from './connection-id.ts';
import { ConnectionLimits } from './connection-limits.ts';
import { normalizeAddress } from './peer-address.ts';
import { SocketConnection } from './socket-connection.ts';
import type { TlsProvider } from './tls-provider.ts';
import { ConnectionError, type Listener, type ListenerOptions } from './types.ts';

export interface ListenerDeps {
  tls: TlsProvider;
  log: Logger;
  /** How long a peer may leave our output untaken; default 5 minutes (RFC 5321 §4.5.3.2). */
  writeTimeoutMs?: number;
  handshakeTimeoutMs?: number;
  /** How long a closed connection waits for the peer to close too. */
  lingerMs?: number;
  /** How long a revoked session may take over its goodbye; default 10 seconds. */
  revokedGraceMs?: number;
}

const UNRESTRICTED: AccessDecision = { allow: true, rule: null, variables: new Map() };
const WRITE_TIMEOUT_MS = 300_000;
const HANDSHAKE_TIMEOUT_MS = 30_000;
const LINGER_MS = 2_000;
const REVOKED_GRACE_MS = 10_000;
const KEEP_ALIVE_MS = 300_000;

class ServiceListener implements Listener {
  readonly service: string;
  port = 0;
  readonly #options: ListenerOptions;
  readonly #deps: ListenerDeps;
  readonly #limits: ConnectionLimits;
  readonly #nextId = createConnectionIds();
  readonly #servers: Server[] = [];
  readonly #shutdown = new AbortController();
  readonly #open = new Set<SocketConnection>();
  #whenEmpty: (() => void) | undefined;

  constructor(options: ListenerOptions, deps: ListenerDeps) {
    this.service = options.service;
    this.#options = options;
    this.#deps = deps;
    this.#limits = new ConnectionLimits(options);
  }

  get connections(): number {
    return this.#limits.open;
  }

  get limit(): number {
    return this.#limits.max;
  }

  async bind(): Promise<void> {
    const { bind, port } = this.#options;
    const skipped: string[] = [];
    this.port = port;
    for (const host of bind) {
      const server = createServer({
        allowHalfOpen: true,
        noDelay: true,
        keepAlive: true,
        keepAliveInitialDelay: KEEP_ALIVE_MS,
      });
      server.on('connection', (socket) => this.#accept(socket));
      const bound = await bindServer(server, host, this.port, bind).catch(async (error: unknown) => {
        await this.#closeServers();
        throw error;
      });
      if (bound === undefined) {
        skipped.push(host);
        continue;
      }
      // Out of file descriptors and the like: the connection is lost, the listener is not.
      server.on('error', (error) =>
        this.#deps.log.error({ service: this.service, err: error.message }, 'accept failed'),
      );
      this.port = bound;
      this.#servers.push(server);
    }
    if (this.#servers.length === 0)
      throw new Error(`${this.service}: none of ${bind.join(', ')} exists on this machine`);
    if (skipped.length > 0) this.#deps.log.info({ service: this.service, skipped }, 'address family not available');
  }

  async close(graceMs: number): Promise<void> {
    this.#shutdown.abort();
    for (const connection of this.#open) connection.interrupt();
    await this.#closeServers();
    if (this.#open.size === 0) return;
    const empty = new Promise<void>((resolve) => {
      this.#whenEmpty = resolve;
    });
    const timer = setTimeout(() => {
      for (const connection of this.#open) connection.destroy();
    }, graceMs);
    await empty;
    clearTimeout(timer);
  }

  /** Closes the listening sockets; `close` of a Server waits for its connections, which are ended elsewhere. */
  async #closeServers(): Promise<void> {
    for (const server of this.#servers.splice(0)) server.close();
  }

  #accept(socket: Socket): void {
    const address = normalizeAddress(socket.remoteAddress ?? '');
    if (address === '' || this.#shutdown.signal.aborted) {
      socket.destroy();
      return;
    }
    const place = this.#limits.take(address);
    if (place !== 'taken') {
      this.#deps.log.warn({ service: this.service, peer: address, reason: place }, 'connection refused');
      this.#refuse(socket);
      return;
    }
    const connection = this.#createConnection(socket, address);
    this.#open.add(connection);
    void this.#serve(connection).finally(() => {
      this.#open.delete(connection);
      this.#limits.release(address);
      if (this.#open.size === 0) this.#whenEmpty?.();
    });
  }

  #refuse(socket: Socket): void {
    socket.on('error', (error) => this.#deps.log.debug({ err: error.message }, 'refused socket'));
    socket.setTimeout(LINGER_MS, () => socket.destroy());
    socket.resume();
    // A client of implicit TLS expects a handshake; clear text would only confuse it.
    if (this.#options.implicitTls) socket.destroy();
    else socket.end(`${this.#options.busyLine}\r\n`, () => socket.destroySoon());
  }

  #createConnection(socket: Socket, address: string): SocketConnection {
    const id = this.#nextId();
    return new SocketConnection(socket, {
      id,
      createLog: () => this.#deps.log.child({ cid: id, peer: address }),
      peer: { address, port: socket.remotePort ?? 0 },
      local: { address: normalizeAddress(socket.localAddress ?? ''), port: socket.localPort ?? 0 },
      peerName: null,
      access: UNRESTRICTED,
      shutdown: this.#shutdown.signal,
      tls: this.#deps.tls,
      writeTimeoutMs: this.#deps.writeTimeoutMs ?? WRITE_TIMEOUT_MS,
      handshakeTimeoutMs: this.#deps.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS,
      revokedGraceMs: this.#deps.revokedGraceMs ?? REVOKED_GRACE_MS,
    });
  }

  async #serve(connection: SocketConnection): Promise<void> {
    const lingerMs = this.#deps.lingerMs ?? LINGER_MS;
    // A logger of its own is made for a connection only when it has something to log.
    const traced = this.#deps.log.isLevelEnabled('debug');
    if (traced) connection.log.debug({ open: this.#limits.open, limit: this.#limits.max }, 'connected');
    try {
      if (this.#options.implicitTls) await connection.startTls();
      await this.#options.handler(connection);
      await connection.end(lingerMs);
    } catch (error) {
      if (!(error instanceof ConnectionError)) connection.log.error({ err: error }, 'session failed');
      else if (traced) connection.log.debug({ reason: error.code, detail: error.message }, 'ended');
      // A peer that only closed its sending side still takes the answers to what it sent before.
      if (error instanceof ConnectionError && error.code === 'closed') await connection.end(lingerMs);
      connection.destroy();
    }
    if (traced) connection.log.debug('disconnected');
  }
}

/** Binds at once: connections that come before the handler is ready are the handler's to hold. */
export async function listen(options: ListenerOptions, deps: ListenerDeps): Promise<Listener> {
  const listener = new ServiceListener(options, deps);
  await listener.bind();
  return listener;
}
