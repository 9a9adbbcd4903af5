/** What one IMAP connection may use. */
export interface ImapLimits {
  /** One command line, its CRLF included. */
  lineBytes: number;
  /** One whole command: lines and literals, APPEND's message apart. */
  commandBytes: number;
  /** Line and whole command before login: a token is the largest thing that is sent then. */
  preAuthBytes: number;
  /** The largest message APPEND takes; advertised as APPENDLIMIT. */
  appendBytes: number;
  /** What of a refused non-synchronizing literal is read and dropped before the connection is closed instead. */
  drainBytes: number;
  /** Silence before login. */
  preAuthTimeoutMs: number;
  /** From the greeting to login, whatever is said meanwhile. */
  preAuthTotalMs: number;
  /** Silence after it (RFC 3501 §5.4: at least 30 minutes). */
  idleTimeoutMs: number;
  /** How often an idling client hears from us, so that a dead peer is found. */
  keepAliveMs: number;
  /** Commands answered BAD in a row, and failed logins, before the connection is closed. */
  maxErrors: number;
  maxAuthFailures: number;
  /** Several programs on several devices use a handful each; webmail takes up to eleven a browser. */
  sessionsPerAccount: number;
}

export const DEFAULT_IMAP_LIMITS: ImapLimits = {
  lineBytes: 64 * 1024,
  commandBytes: 256 * 1024,
  preAuthBytes: 16 * 1024,
  appendBytes: 64 * 1024 * 1024,
  drainBytes: 1024 * 1024,
  preAuthTimeoutMs: 60_000,
  preAuthTotalMs: 120_000,
  idleTimeoutMs: 30 * 60_000,
  keepAliveMs: 2 * 60_000,
  maxErrors: 20,
  maxAuthFailures: 5,
  sessionsPerAccount: 40,
};
