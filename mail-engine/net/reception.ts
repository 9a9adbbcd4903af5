/**
 * What happens between a client's connection and its service: the PROXY header of a balancer, the access rules, a place (perhaps
 * waited for), the client's name. Nothing of the client's is read meanwhile but the header.
 *
 * Refused: denied by a rule (closed without a word, as tcpserver does), over a limit (`busyLine`, then closed), from a balancer
 * without a header (closed). Every refusal is counted; a flood of them logs ten lines a second and how many it left out.
 */
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { AccessDecision } from '#server/access-rules/types.ts';
import type { Logger } from '#server/logger.ts';
import { LogBudget } from './log-budget.ts';
import { normalizeAddress } from './peer-address.ts';
import type { Place } from './places.ts';
import { readProxyHeader } from './read-proxy-header.ts';
import type { RefusalReason } from './service-gate.ts';
import type { ListenerOptions } from './types.ts';

interface Endpoint {
  address: string;
  port: number;
}

/** A client that is let in. */
export interface Arrival {
  peer: Endpoint;
  local: Endpoint;
  peerName: string | null;
  access: AccessDecision;
  /** Given back by the service when it is done. */
  place: Place;
}

type Ends = Pick<Arrival, 'peer' | 'local'>;

export interface ReceptionDeps {
  log: Logger;
  /** How long a refused client may take to close. */
  lingerMs: number;
  proxyHeaderMs?: number;
  serve: (socket: Socket, arrival: Arrival) => void;
}

const UNRESTRICTED: AccessDecision = { allow: true, rule: null, variables: new Map() };
const PROXY_HEADER_MS = 10_000;
/** Balancers' connections whose header is still to come. */
const MAX_HEADERS = 2_000;

function endsOf(socket: Socket): Ends {
  return {
    peer: { address: normalizeAddress(socket.remoteAddress ?? ''), port: socket.remotePort ?? 0 },
    local: { address: normalizeAddress(socket.localAddress ?? ''), port: socket.localPort ?? 0 },
  };
}

function proxiedEnds({ source, destination }: { source: Endpoint; destination: Endpoint }): Ends {
  return {
    peer: { address: normalizeAddress(source.address), port: source.port },
    local: { address: normalizeAddress(destination.address), port: destination.port },
  };
}

export class Reception {
  readonly #options: ListenerOptions;
  readonly #deps: ReceptionDeps;
  readonly #budget = new LogBudget(() => performance.now());
  /** Sockets that no service has yet. */
  readonly #pending = new Set<Socket>();
  #headers = 0;
  #closed = false;

  constructor(options: ListenerOptions, deps: ReceptionDeps) {
    this.#options = options;
    this.#deps = deps;
  }

  receive(socket: Socket): void {
    const ends = endsOf(socket);
    if (ends.peer.address === '' || this.#closed) socket.destroy();
    else if (this.#options.policy?.proxies?.has(ends.peer.address)) void this.#receiveProxied(socket, ends);
    else this.#admit(socket, ends);
  }

  /** Nobody is let in any more, and who is not yet served is cut. */
  close(): void {
    this.#closed = true;
    for (const socket of this.#pending) socket.destroy();
  }

  async #receiveProxied(socket: Socket, ends: Ends): Promise<void> {
    if (this.#headers >= MAX_HEADERS) {
      this.#tell('service-full', ends, {});
      socket.destroy();
      return;
    }
    this.#headers++;
    this.#hold(socket);
    const header = await readProxyHeader(socket, this.#deps.proxyHeaderMs ?? PROXY_HEADER_MS).catch((error: Error) => {
      this.#tell('proxy-header', ends, { detail: error.message });
      socket.destroy();
    });
    this.#headers--;
    if (header) this.#admit(socket, header.proxied ? proxiedEnds(header.proxied) : ends);
  }

  #admit(socket: Socket, ends: Ends): void {
    const { gate, policy } = this.#options;
    const { address } = ends.peer;
    // Without a name to wait for, the rules decide first: who is denied takes nobody's place.
    const access = policy?.lookUpName && !gate.isOwn(address) ? undefined : this.#decide(address, null);
    if (access?.allow === false) {
      this.#deny(socket, ends, null, access);
      return;
    }
    const place = gate.enter(address);
    if (typeof place === 'string') {
      this.#refuse(socket, ends, place);
      return;
    }
    if (place.admitted && access) this.#serve(socket, { ...ends, peerName: null, access, place });
    else if (place.admitted) void this.#lookUp(socket, ends, place);
    else this.#wait(socket, ends, place, access);
  }

  #wait(socket: Socket, ends: Ends, place: Place, access: AccessDecision | undefined): void {
    this.#hold(socket);
    const leave = () => this.#options.gate.leave(place);
    socket.once('close', leave);
    place.onAdmitted = () => {
      socket.off('close', leave);
      if (access) this.#serve(socket, { ...ends, peerName: null, access, place });
      else void this.#lookUp(socket, ends, place);
    };
    place.onExpired = () => this.#dismiss(socket, ends, 'waited-too-long');
  }

  async #lookUp(socket: Socket, ends: Ends, place: Place): Promise<void> {
    this.#hold(socket);
    const { gate, policy } = this.#options;
    const peerName = await (policy?.lookUpName?.(ends.peer.address) ?? null);
    const access = this.#decide(ends.peer.address, peerName);
    if (access.allow) {
      this.#serve(socket, { ...ends, peerName, access, place });
      return;
    }
    gate.leave(place);
    this.#deny(socket, ends, peerName, access);
  }

  #serve(socket: Socket, arrival: Arrival): void {
    this.#pending.delete(socket);
    if (!socket.destroyed && !this.#closed) this.#deps.serve(socket, arrival);
    else {
      socket.destroy();
      this.#options.gate.leave(arrival.place);
    }
  }

  #decide(address: string, hostname: string | null): AccessDecision {
    const { policy, gate } = this.#options;
    const access = policy?.access;
    return access ? access.decide(gate.service, { address, hostname }) : UNRESTRICTED;
  }

  #hold(socket: Socket): void {
    if (this.#pending.has(socket)) return;
    this.#pending.add(socket);
    socket.on('error', (error) => this.#deps.log.debug({ err: error.message }, 'socket not served yet'));
    socket.once('close', () => this.#pending.delete(socket));
  }

  #deny(socket: Socket, ends: Ends, name: string | null, { rule }: AccessDecision): void {
    this.#tell('denied', ends, { rule, ...(name !== null && { name }) });
    socket.destroy();
  }

  #refuse(socket: Socket, ends: Ends, reason: RefusalReason): void {
    this.#hold(socket);
    this.#dismiss(socket, ends, reason);
  }

  #dismiss(socket: Socket, ends: Ends, reason: RefusalReason): void {
    this.#tell(reason, ends, {});
    // A client of implicit TLS expects a handshake; clear text would only confuse it.
    if (this.#options.implicitTls) {
      socket.destroy();
      return;
    }
    socket.setTimeout(this.#deps.lingerMs, () => socket.destroy());
    socket.resume();
    socket.end(`${this.#options.busyLine}\r\n`, () => socket.destroySoon());
  }

  #tell(reason: RefusalReason, { peer }: Ends, facts: Record<string, unknown>): void {
    this.#options.gate.countRefusal(reason);
    const more = this.#budget.take();
    if (!more) return;
    this.#deps.log.warn(
      { service: this.#options.service, peer: peer.address, reason, ...facts, ...more },
      'connection refused',
    );
  }
}
