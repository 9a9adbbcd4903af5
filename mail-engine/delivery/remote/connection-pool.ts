/**
 * Sessions between two messages, by server. One is kept for a short idle time and a limited number of messages (or the server's own
 * MAILMAX), then told goodbye. A session whose server has closed meanwhile is passed over.
 */
import type { Clock } from '#engine/queue/clock.ts';
import type { Session } from './session.ts';

export interface PoolLimits {
  idleMs: number;
  /** Messages over one connection. */
  maxMessages: number;
  /** Idle sessions in all. */
  maxIdle: number;
}

interface Idle {
  session: Session;
  messages: number;
  cancel: () => void;
}

/** A session in use and how many transactions it has carried. */
export interface PooledSession {
  session: Session;
  messages: number;
}

export class ConnectionPool {
  readonly #idle = new Map<string, Idle[]>();
  readonly #clock: Clock;
  readonly #limits: PoolLimits;
  #idleCount = 0;

  constructor(clock: Clock, limits: PoolLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  get idleCount(): number {
    return this.#idleCount;
  }

  has(server: string): boolean {
    return this.#idle.has(server);
  }

  take(server: string): PooledSession | undefined {
    for (let idle = this.#remove(server); idle; idle = this.#remove(server)) {
      if (idle.session.channel.failure === null) return { session: idle.session, messages: idle.messages };
    }
    return undefined;
  }

  /** How many transactions a session may carry. */
  limitOf(session: Session): number {
    return Math.min(this.#limits.maxMessages, session.extensions.maxMessages ?? Number.POSITIVE_INFINITY);
  }

  /** Gives back a session after a message. */
  put(server: string, { session, messages }: PooledSession): void {
    if (session.channel.failure !== null) return;
    if (messages >= this.limitOf(session) || this.#idleCount >= this.#limits.maxIdle) {
      session.channel.quit();
      return;
    }
    const idle: Idle = { session, messages, cancel: () => undefined };
    idle.cancel = this.#clock.setTimer(this.#limits.idleMs, () => this.#retire(server, idle));
    const sessions = this.#idle.get(server) ?? [];
    sessions.push(idle);
    this.#idle.set(server, sessions);
    this.#idleCount += 1;
  }

  close(): void {
    for (const server of [...this.#idle.keys()]) {
      for (let idle = this.#remove(server); idle; idle = this.#remove(server)) idle.session.channel.quit();
    }
  }

  #retire(server: string, idle: Idle): void {
    this.#drop(server, idle);
    idle.session.channel.quit();
  }

  /** The most recently used: the others may then idle out. */
  #remove(server: string): Idle | undefined {
    const idle = this.#idle.get(server)?.at(-1);
    if (idle) this.#drop(server, idle);
    return idle;
  }

  #drop(server: string, idle: Idle): void {
    idle.cancel();
    const rest = (this.#idle.get(server) ?? []).filter((other) => other !== idle);
    if (rest.length === 0) this.#idle.delete(server);
    else this.#idle.set(server, rest);
    this.#idleCount -= 1;
  }
}
