/**
 * One message to its recipients at one destination: find the mail hosts, try their addresses in order until one has answered for
 * every recipient, and say what became of each. Never rejects: a fault of ours defers those nobody has answered for, and what is known
 * of the others stands. It meets nobody whose message is out, for all that may fail here comes before the end of data.
 *
 * Another host is tried only while none has answered for the message: after no connection, a refused greeting, a 421 or a cut before the
 * final dot. A 4xx or 5xx to MAIL, RCPT or DATA is an answer, and the next attempt (4xx) or the bounce (5xx) is its consequence.
 */
import { findMailRoute, type MailHost, type MailRoute, type RouteOptions } from '#engine/dns/mail-route.ts';
import type { Clock } from '#engine/queue/clock.ts';
import { formatReply } from '#engine/wire/smtp/reply.ts';
import type { Logger } from '#server/logger.ts';
import { deferFault } from '../defer-fault.ts';
import { deferred, failed, type Outcome } from '../outcome.ts';
import type { ConnectionPool, PooledSession } from './connection-pool.ts';
import { cutOnStop, type StopSignals } from './cut-on-stop.ts';
import type { Dial } from './dial.ts';
import { isSendable, type MailParameters, type TransactionRecipient } from './envelope-commands.ts';
import { openSession, type TlsPolicy } from './session.ts';
import { SessionError, type SessionErrorCode } from './session-error.ts';
import type { PhaseTimeouts } from './timeouts.ts';
import { runTransaction } from './transaction.ts';

export interface RemoteMessage extends MailParameters {
  /** Names it in the log. */
  ref: string;
  openBody: () => AsyncIterable<Buffer>;
}

export interface RemoteDeliveryOptions {
  route: () => RouteOptions;
  dial: Dial;
  pool: ConnectionPool;
  clock: Clock;
  log: Logger;
  hostname: string;
  port: number;
  tls: () => TlsPolicy;
  timeouts: PhaseTimeouts;
  stop: StopSignals;
}

interface Target {
  host: MailHost;
  address: string;
}

/** Addresses tried in one attempt. */
const MAX_TARGETS = 6;
/** RFC 5321 §4.5.3.1.8: the number every server must take. */
const MAX_RECIPIENTS = 100;
/** The session has had its number of messages, and there are recipients left. */
const MORE = Symbol('more');

const STATUS: Readonly<Record<SessionErrorCode, string>> = {
  connect: '4.4.1',
  closed: '4.4.2',
  timeout: '4.4.2',
  protocol: '4.5.0',
  tls: '4.7.5',
  refused: '4.3.2',
  unprotected: '5.7.30',
  aborted: '4.3.2',
};

function listTargets(hosts: readonly MailHost[]): Target[] {
  return hosts.flatMap((host) => host.addresses.map((address) => ({ host, address }))).slice(0, MAX_TARGETS);
}

/** Nobody took the message: a refusal for good counts only as the last host's word (RFC 5321 §4.2.4.2 lets a host refuse all mail). */
function judgeFailure(error: SessionError, target: Target | undefined, port: number): Outcome {
  const { reply } = error;
  const final = error.code === 'unprotected' || (error.code === 'refused' && reply !== null && reply.code >= 500);
  const status = (reply?.enhanced ?? (final && reply ? '5.3.2' : STATUS[error.code])).replace(/^\d/, final ? '5' : '4');
  const text = reply === null ? error.message : formatReply(reply);
  const outcome = final ? failed(status, text) : deferred(status, text);
  return {
    ...outcome,
    spoken: reply !== null,
    remoteHost: target?.host.name ?? null,
    peer: target ? `${target.address}:${port}` : null,
    unreachable: error.code !== 'unprotected',
  };
}

/** One call's recipients and what is known of each. */
class Progress {
  readonly outcomes: (Outcome | null)[];
  readonly #recipients: readonly TransactionRecipient[];

  constructor(recipients: readonly TransactionRecipient[]) {
    this.#recipients = recipients;
    this.outcomes = recipients.map(({ address }) =>
      isSendable(address) ? null : failed('5.1.3', 'the address has characters that cannot be sent'),
    );
  }

  /** Indexes of recipients nobody has answered for. */
  pending(): number[] {
    return this.outcomes.flatMap((outcome, index) => (outcome === null ? [index] : []));
  }

  recipientsAt(indexes: readonly number[]): TransactionRecipient[] {
    return indexes.flatMap((index) => this.#recipients.slice(index, index + 1));
  }

  /** All outcomes, with `outcome` for those still open. */
  finish(outcome: Outcome): Outcome[] {
    return this.outcomes.map((known) => known ?? outcome);
  }
}

export class RemoteDelivery {
  readonly #options: RemoteDeliveryOptions;

  constructor(options: RemoteDeliveryOptions) {
    this.#options = options;
  }

  async deliver(
    destination: string,
    message: RemoteMessage,
    recipients: readonly TransactionRecipient[],
  ): Promise<readonly Outcome[]> {
    const progress = new Progress(recipients);
    try {
      return progress.finish(await this.#tryRoute(destination, message, progress));
    } catch (error) {
      return progress.finish(deferFault(this.#options.log, message.ref, error));
    }
  }

  /** The outcome of those for whom nobody has answered in the end. */
  async #tryRoute(destination: string, message: RemoteMessage, progress: Progress): Promise<Outcome> {
    if (!isSendable(message.sender)) return failed('5.1.7', 'the sender cannot be sent');
    const route = await this.#findRoute(destination);
    if (route.kind === 'refused') return failed(route.status, route.reason);
    if (route.kind === 'unavailable') return deferred(route.status, route.reason);
    return this.#tryTargets(listTargets(this.#preferIdle(route.hosts, message)), message, progress);
  }

  /** A name service that takes its time does not hold up a stop. */
  async #findRoute(destination: string): Promise<MailRoute> {
    const { stopping } = this.#options.stop;
    const { promise: stopped, resolve } = Promise.withResolvers<MailRoute>();
    const stop = (): void => resolve({ kind: 'unavailable', status: STATUS.aborted, reason: 'the engine is stopping' });
    if (stopping.aborted) stop();
    stopping.addEventListener('abort', stop);
    try {
      return await Promise.race([stopped, findMailRoute(destination, this.#options.route())]);
    } finally {
      stopping.removeEventListener('abort', stop);
    }
  }

  async #tryTargets(targets: readonly Target[], message: RemoteMessage, progress: Progress): Promise<Outcome> {
    let failure = deferred('4.4.1', 'no mail host could be tried');
    for (const target of targets) {
      const error = await this.#tryTarget(target, message, progress);
      if (error === null) break;
      const judged = judgeFailure(error, target, this.#options.port);
      // A host that does not protect the message is no answer for one that could not be asked.
      if (error.code !== 'unprotected' || target === targets[0] || failure.kind === 'failed') failure = judged;
      if (this.#options.stop.stopping.aborted) break;
    }
    return failure;
  }

  /** Null when every recipient has its outcome; else why not. */
  async #tryTarget(target: Target, message: RemoteMessage, progress: Progress): Promise<SessionError | null> {
    const server = this.#serverKey(target, message);
    const idle = this.#options.pool.take(server);
    // An idle connection may have died unseen; a fresh one to the same server decides.
    if (idle && (await this.#carryOver(server, idle, message, progress)) === null) return null;
    let policy = message.requireTls ? 'verified' : this.#options.tls();
    for (;;) {
      const result = await this.#carryOverFresh(server, target, policy, message, progress);
      if (result === MORE) continue;
      if (result?.code !== 'tls' || policy !== 'opportunistic') return result;
      policy = 'never';
    }
  }

  async #carryOverFresh(
    server: string,
    target: Target,
    tls: TlsPolicy,
    message: RemoteMessage,
    progress: Progress,
  ): Promise<SessionError | typeof MORE | null> {
    const { dial, port, timeouts, stop, hostname, clock } = this.#options;
    try {
      const socket = await dial({ address: target.address, port }, timeouts.connectMs, stop.stopping);
      const session = await openSession({ socket, host: target.host.name, hostname, tls, timeouts, clock, stop });
      return await this.#carryOver(server, { session, messages: 0 }, message, progress);
    } catch (error) {
      if (error instanceof SessionError) return error;
      throw error;
    }
  }

  async #carryOver(
    server: string,
    pooled: PooledSession,
    message: RemoteMessage,
    progress: Progress,
  ): Promise<SessionError | typeof MORE | null> {
    const { channel } = pooled.session;
    try {
      const reusable = await cutOnStop(channel, this.#options.stop, () => this.#transact(pooled, message, progress));
      if (reusable) this.#options.pool.put(server, pooled);
      else channel.quit();
      return progress.pending().length === 0 ? null : MORE;
    } catch (error) {
      channel.destroy('the session failed');
      if (error instanceof SessionError) return error;
      throw error;
    }
  }

  /**
   * As many transactions as the recipients need and the session may have (MAILMAX, RFC 9422), and none after a stop. A session out of step
   * ends early; what is open then is for another connection.
   */
  async #transact(pooled: PooledSession, message: RemoteMessage, progress: Progress): Promise<boolean> {
    const { session } = pooled;
    const limit = Math.min(MAX_RECIPIENTS, session.extensions.maxRecipients ?? MAX_RECIPIENTS);
    const mails = this.#options.pool.limitOf(session);
    for (let pending = progress.pending(); pending.length > 0; pending = progress.pending()) {
      if (pooled.messages >= mails || this.#options.stop.stopping.aborted) return false;
      pooled.messages += 1;
      const indexes = pending.slice(0, limit);
      const { outcomes, reusable } = await runTransaction(session, {
        ...message,
        recipients: progress.recipientsAt(indexes),
      });
      for (const [at, index] of indexes.entries()) progress.outcomes[index] = outcomes[at] ?? null;
      if (reusable) continue;
      if (progress.pending().length === 0) return false;
      throw new SessionError('closed', 'the session ended between two transactions');
    }
    return true;
  }

  /** A session that is good enough for one message may not be for another that needs TLS. */
  #serverKey({ host, address }: Target, { requireTls }: RemoteMessage): string {
    return `${host.name} ${address}${requireTls ? ' verified' : ''}`;
  }

  /** Among hosts of equal preference, one we are connected to comes first. */
  #preferIdle(hosts: readonly MailHost[], message: RemoteMessage): MailHost[] {
    const idle = (host: MailHost) =>
      host.addresses.some((address) => this.#options.pool.has(this.#serverKey({ host, address }, message))) ? 0 : 1;
    return [...hosts].sort((a, b) => a.preference - b.preference || idle(a) - idle(b));
  }
}
