/**
 * What a protocol service sees of a client. The listener owns sockets, limits, TLS and deadlines; a service is a function
 * `(connection) => Promise<void>` that talks until it returns, after which the listener closes.
 */
import type { AccessDecision, AccessPolicy } from '#server/access-rules/types.ts';
import type { NetworkSet } from '#server/input/network.ts';
import type { Logger } from '#server/logger.ts';
import type { Soon } from '#server/soon.ts';
import type { ChannelBindingType } from './channel-binding.ts';
import type { ServiceGate } from './service-gate.ts';

export interface TlsFacts {
  protocol: string;
  cipher: string;
  serverName: string | null;
}

/** Where the line reader gives up. Both end as a `ConnectionError` unless the service handles it. */
export type ConnectionErrorCode = 'closed' | 'timeout' | 'line-too-long' | 'shutdown' | 'revoked';

export class ConnectionError extends Error {
  readonly code: ConnectionErrorCode;
  constructor(code: ConnectionErrorCode, message: string) {
    super(message);
    this.name = 'ConnectionError';
    this.code = code;
  }
}

export interface Connection {
  /** Short unique id, on every log line and in every error reply. */
  readonly id: string;
  readonly log: Logger;
  readonly peer: { address: string; port: number };
  readonly local: { address: string; port: number };
  readonly tls: TlsFacts | null;
  /** The client's name by reverse look-up, where that is switched on and (paranoid) confirmed; else null. */
  readonly peerName: string | null;
  /** What the access rules said of this client: it is allowed, and these variables hold for it. */
  readonly access: AccessDecision;
  /** Aborts when the engine shuts down: finish the command under way, say goodbye, return. */
  readonly shutdown: AbortSignal;

  /**
   * The next line with its line end as received (`\r\n`, or a bare `\n`: the service decides what that means), at most
   * `maxBytes` long including it. Bytes after it stay buffered. At once where it is there; throws or rejects with ConnectionError, as all
   * reads do.
   */
  readLine(maxBytes: number, timeoutMs: number): Soon<Buffer>;
  /** Exactly the next `count` bytes; for what is small. */
  readExactly(count: number, timeoutMs: number): Soon<Buffer>;
  /** At least one and at most `maxBytes` of the next bytes, as soon as there are any; for DATA, BDAT and literals. */
  readSome(maxBytes: number, timeoutMs: number): Soon<Buffer>;
  /** Puts bytes back in front of the input (what followed the final dot). */
  unread(bytes: Buffer): void;
  /** Bytes already received and not yet read: 0 before STARTTLS or it is an injection; also tells pipelining. */
  readonly buffered: number;

  /** Queues bytes; resolves at once while the peer keeps up, else when the send buffer has drained (back-pressure, deadline enforced). */
  write(bytes: Buffer | string): Promise<void> | undefined;
  /** Coalesces writes until `uncork`; a service corks while pipelined input is buffered. */
  cork(): void;
  uncork(): void;

  /** Upgrades in place; input buffered in clear is discarded by refusing the upgrade. */
  startTls(): Promise<void>;
  /** The binding data of this TLS connection for SCRAM-*-PLUS; null in clear and where the type is not defined for it. */
  channelBinding(type: ChannelBindingType): Buffer | null;
  /** Resolves when input arrives or `signal` aborts, without taking it: IDLE. Rejects like a read. */
  waitForInput(timeoutMs: number, signal: AbortSignal): Promise<void>;
  /** Resolves when `signal` aborts, whatever arrives meanwhile: a deliberate delay. Rejects when the peer or the engine ends, and nobody waits for the answer. */
  hold(signal: AbortSignal): Promise<void>;
  /**
   * The session's right to go on has ended: from now on every read rejects with `revoked`, whatever is buffered, so that the service
   * can say goodbye; a connection that is not closed soon after is cut.
   */
  revoke(): void;
  destroy(): void;
}

export type ServiceHandler = (connection: Connection) => Promise<void>;

/** Read at every connection: getters let an admin's change hold at once. */
export interface ListenerPolicy {
  /** Everybody is allowed where it is left out. */
  readonly access?: AccessPolicy | undefined;
  /** Peers whose connections begin with a PROXY header, always; nobody where it is left out. */
  readonly proxies?: NetworkSet;
  /** The client's name by its address, where names are wanted. */
  readonly lookUpName?: ((address: string) => Promise<string | null>) | undefined;
  /** How long a client has to keep silent before it is greeted, where `delaysGreeting`. */
  readonly greetDelayMs?: number;
}

export interface ListenerOptions {
  service: string;
  /** Addresses to bind; `::` is bound v6-only where `0.0.0.0` is given too. */
  bind: readonly string[];
  port: number;
  implicitTls: boolean;
  handler: ServiceHandler;
  /** Line sent, if any, when a limit refuses a connection: `421 …` or `* BYE …`. */
  busyLine: string;
  /** Places and rates, shared by the ports of one service. */
  gate: ServiceGate;
  policy?: ListenerPolicy;
  /** Clients may be made to wait for the greeting (`greet-delay.ts`). */
  delaysGreeting?: boolean;
  /** Clients that come before it resolves are held, unanswered. */
  ready?: Promise<unknown>;
}

export interface Listener {
  readonly service: string;
  readonly port: number;
  readonly connections: number;
  readonly limit: number;
  /** Stops accepting, aborts `shutdown` for open connections, and resolves when they have ended or `graceMs` is over. */
  close(graceMs: number): Promise<void>;
}
