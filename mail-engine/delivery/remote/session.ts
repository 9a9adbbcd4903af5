/**
 * A session up to the point where it takes messages: greeting, EHLO (HELO where EHLO is unknown), STARTTLS where offered.
 * RFC 5321 §3.1, §3.2, §4.1.4; RFC 3207. Ends as a SessionError.
 */
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '#engine/queue/clock.ts';
import { NO_EXTENSIONS, parseEhloReply, type ServerExtensions } from '#engine/wire/smtp/ehlo-reply.ts';
import type { SmtpReply } from '#engine/wire/smtp/reply.ts';
import { Channel } from './channel.ts';
import { cutOnStop, type StopSignals } from './cut-on-stop.ts';
import { SessionError } from './session-error.ts';
import type { PhaseTimeouts } from './timeouts.ts';

/**
 * `opportunistic`: TLS where it works, else in clear. `never`: in clear though offered. `require`: never in clear. `verified`: only with a
 * certificate that proves the host's name, and a server that offers REQUIRETLS (RFC 8689 §4.2.1).
 */
export type TlsPolicy = 'opportunistic' | 'never' | 'require' | 'verified';

export interface Session {
  readonly channel: Channel;
  readonly host: string;
  readonly extensions: ServerExtensions;
  /** `TLSv1.3 TLS_AES_256_GCM_SHA384 unverified`, null in clear. */
  readonly tls: string | null;
  readonly timeouts: PhaseTimeouts;
  readonly clock: Clock;
}

export interface SessionOptions {
  socket: Socket;
  /** Name of the MX (certificate name, SNI). */
  host: string;
  /** What we call ourselves in EHLO. */
  hostname: string;
  tls: TlsPolicy;
  timeouts: PhaseTimeouts;
  clock: Clock;
  stop: StopSignals;
}

function requireAlive(reply: SmtpReply): SmtpReply {
  if (reply.code === 421) throw new SessionError('closed', 'the server closes', reply);
  return reply;
}

async function readGreeting(channel: Channel, timeoutMs: number): Promise<void> {
  const reply = requireAlive(await channel.readReply(timeoutMs));
  if (reply.code !== 220) throw new SessionError('refused', 'the server greets with a refusal', reply);
}

async function sayHello(channel: Channel, hostname: string, timeoutMs: number): Promise<ServerExtensions> {
  const ehlo = requireAlive(await channel.command(`EHLO ${hostname}`, timeoutMs));
  if (ehlo.code === 250) return parseEhloReply(ehlo);
  if (ehlo.code < 500) throw new SessionError('refused', 'EHLO was refused', ehlo);
  const helo = requireAlive(await channel.command(`HELO ${hostname}`, timeoutMs));
  if (helo.code === 250) return NO_EXTENSIONS;
  throw new SessionError('refused', 'HELO was refused', helo);
}

const VERIFIED = 'verified';

function describeTls(socket: TLSSocket): string {
  const verdict = socket.authorized ? VERIFIED : 'unverified';
  return `${socket.getProtocol() ?? 'TLS'} ${socket.getCipher().name} ${verdict}`;
}

/** Bytes behind the 220, which belong to no TLS, are a failure of STARTTLS whenever they are noticed. */
async function takeTls(channel: Channel, options: SessionOptions): Promise<string | null> {
  try {
    const reply = requireAlive(await channel.command('STARTTLS', options.timeouts.ehloMs));
    if (reply.code !== 220) return null;
    return describeTls(await channel.startTls(options.host, options.timeouts.ehloMs));
  } catch (error) {
    if (error instanceof SessionError && error.code === 'protocol') throw new SessionError('tls', error.message);
    throw error;
  }
}

function requireProtection({ extensions }: Pick<Session, 'extensions'>, tls: string | null): void {
  if (tls === null) throw new SessionError('unprotected', 'REQUIRETLS: the server offers no TLS');
  if (!tls.endsWith(` ${VERIFIED}`))
    throw new SessionError('unprotected', 'REQUIRETLS: the certificate does not verify');
  if (!extensions.requireTls) throw new SessionError('unprotected', 'REQUIRETLS: the server does not offer it');
}

async function negotiate(channel: Channel, options: SessionOptions): Promise<Session> {
  const { timeouts, clock, host, hostname } = options;
  await readGreeting(channel, timeouts.greetingMs);
  let extensions = await sayHello(channel, hostname, timeouts.ehloMs);
  const tls = extensions.startTls && options.tls !== 'never' ? await takeTls(channel, options) : null;
  if (tls === null && options.tls === 'require') throw new SessionError('tls', 'the server offers no TLS');
  // What was said in clear is forgotten (RFC 3207 §4.2).
  if (tls !== null) extensions = await sayHello(channel, hostname, timeouts.ehloMs);
  if (options.tls === 'verified') requireProtection({ extensions }, tls);
  return { channel, host, extensions, tls, timeouts, clock };
}

/** Owns `socket`: it is closed when this rejects. A stop meanwhile destroys the channel. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const channel = new Channel(options.socket, options.clock);
  try {
    return await cutOnStop(channel, options.stop, () => negotiate(channel, options));
  } catch (error) {
    if (channel.failure === null) channel.quit();
    throw error;
  }
}
