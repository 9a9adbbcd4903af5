/**
 * The listener of one port: binds its addresses, has clients received (`reception.ts`), brings up implicit TLS, runs the
 * service's handler and closes after it. A handler that throws costs its own connection only.
 *
 * Refused: a port that cannot be bound (rejects with the system's error, nothing left open). An IPv6 address on a machine
 * without IPv6 is skipped while another address could be bound.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { Logger } from '#server/logger.ts';
import { bindServer } from './bind.ts';
import { createConnectionIds } from './connection-id.ts';
import { greetDelayOf, keepsSilent } from './greet-delay.ts';
import { type Arrival, Reception } from './reception.ts';
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
  /** How long a balancer may take over its PROXY header; default 10 seconds. */
  proxyHeaderMs?: number;
}

const WRITE_TIMEOUT_MS = 300_000;
const HANDSHAKE_TIMEOUT_MS = 30_000;
const LINGER_MS = 2_000;
const REVOKED_GRACE_MS = 10_000;
const KEEP_ALIVE_MS = 300_000;
/** Clients held until the service is ready. */
const MAX_EARLY = 1_000;

class ServiceListener implements Listener {
  readonly service: string;
  port = 0;
  readonly #options: ListenerOptions;
  readonly #deps: ListenerDeps;
  readonly #reception: Reception;
  readonly #nextId = createConnectionIds();
  readonly #servers: Server[] = [];
  readonly #shutdown = new AbortController();
  readonly #open = new Set<SocketConnection>();
  /** Sockets from before the service was ready. */
  #early: Socket[] | undefined;
  #whenEmpty: (() => void) | undefined;

  constructor(options: ListenerOptions, deps: ListenerDeps) {
    this.service = options.service;
    this.#options = options;
    this.#deps = deps;
    this.#reception = new Reception(options, {
      log: deps.log,
      lingerMs: deps.lingerMs ?? LINGER_MS,
      ...(deps.proxyHeaderMs !== undefined && { proxyHeaderMs: deps.proxyHeaderMs }),
      serve: (socket, arrival) => this.#start(socket, arrival),
    });
    if (options.ready !== undefined) this.#holdUntil(options.ready);
  }

  get connections(): number {
    return this.#open.size;
  }

  get limit(): number {
    return this.#options.gate.limit;
  }

  async bind(): Promise<void> {
    const { bind, port } = this.#options;
    const skipped: string[] = [];
    this.port = port;
    for (const host of bind) {
      const server = createServer({
        allowHalfOpen: true,
        // Nothing is read of a client that waits or is refused.
        pauseOnConnect: true,
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
    this.#reception.close();
    for (const socket of this.#early ?? []) socket.destroy();
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

  #holdUntil(ready: Promise<unknown>): void {
    const early: Socket[] = [];
    this.#early = early;
    const begin = () => {
      this.#early = undefined;
      for (const socket of early) this.#reception.receive(socket);
    };
    void ready.then(begin, (error: unknown) =>
      this.#deps.log.error({ err: error, service: this.service }, 'never ready'),
    );
  }

  #accept(socket: Socket): void {
    if (!this.#early) {
      this.#reception.receive(socket);
      return;
    }
    socket.on('error', (error) => this.#deps.log.debug({ err: error.message }, 'early socket'));
    if (this.#early.length < MAX_EARLY) this.#early.push(socket);
    else socket.destroy();
  }

  #start(socket: Socket, arrival: Arrival): void {
    const connection = this.#createConnection(socket, arrival);
    this.#open.add(connection);
    void this.#serve(connection, arrival).finally(() => {
      this.#open.delete(connection);
      this.#options.gate.leave(arrival.place);
      if (this.#open.size === 0) this.#whenEmpty?.();
    });
  }

  #createConnection(socket: Socket, { peer, local, peerName, access }: Arrival): SocketConnection {
    const id = this.#nextId();
    return new SocketConnection(socket, {
      id,
      createLog: () => this.#deps.log.child({ cid: id, peer: peer.address }),
      peer,
      local,
      peerName,
      access,
      shutdown: this.#shutdown.signal,
      tls: this.#deps.tls,
      writeTimeoutMs: this.#deps.writeTimeoutMs ?? WRITE_TIMEOUT_MS,
      handshakeTimeoutMs: this.#deps.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS,
      revokedGraceMs: this.#deps.revokedGraceMs ?? REVOKED_GRACE_MS,
    });
  }

  async #talk(connection: SocketConnection, { access, place }: Arrival): Promise<void> {
    const { gate, policy, delaysGreeting, handler, implicitTls } = this.#options;
    if (implicitTls) await connection.startTls();
    const delayMs = delaysGreeting ? greetDelayOf(access, place.own, policy?.greetDelayMs ?? 0) : 0;
    if (await keepsSilent(connection, delayMs)) return await handler(connection);
    gate.countRefusal('early-talker');
    connection.log.warn({ reason: 'early-talker' }, 'connection refused');
  }

  async #serve(connection: SocketConnection, arrival: Arrival): Promise<void> {
    const lingerMs = this.#deps.lingerMs ?? LINGER_MS;
    // A logger of its own is made for a connection only when it has something to log.
    const traced = this.#deps.log.isLevelEnabled('debug');
    if (traced) connection.log.debug({ open: this.connections, limit: this.limit }, 'connected');
    try {
      await this.#talk(connection, arrival);
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

/** Binds at once. */
export async function listen(options: ListenerOptions, deps: ListenerDeps): Promise<Listener> {
  const listener = new ServiceListener(options, deps);
  await listener.bind();
  return listener;
}
