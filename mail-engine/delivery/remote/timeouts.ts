/** How long each phase of a session may take (RFC 5321 §4.5.3.2, which gives these as minimums). */
export interface PhaseTimeouts {
  /** TCP connect: no figure in the RFC. */
  connectMs: number;
  greetingMs: number;
  /** EHLO, HELO, RSET and the TLS handshake. */
  ehloMs: number;
  mailMs: number;
  rcptMs: number;
  dataMs: number;
  /** One write of message bytes. */
  dataBlockMs: number;
  /** The reply to the final dot. */
  dataEndMs: number;
}

const MINUTE_MS = 60_000;

export const PHASE_TIMEOUTS: PhaseTimeouts = {
  connectMs: 30_000,
  greetingMs: 5 * MINUTE_MS,
  ehloMs: 5 * MINUTE_MS,
  mailMs: 5 * MINUTE_MS,
  rcptMs: 5 * MINUTE_MS,
  dataMs: 2 * MINUTE_MS,
  dataBlockMs: 3 * MINUTE_MS,
  dataEndMs: 10 * MINUTE_MS,
};

/** A peer that takes less than a kibibyte a second would hold its connection for days: the whole message has a deadline too. */
export function transferTimeoutMs(sizeBytes: number): number {
  return 10 * MINUTE_MS + Math.ceil(sizeBytes / 1024) * 1000;
}
