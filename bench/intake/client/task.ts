/** What the client of our own is told to send, and what it found. */

/**
 * How a message is sent: `plain` waits for the reply to every command, `pipelining` sends MAIL, RCPT and DATA at once (RFC 2920),
 * `chunking` the whole message with them (RFC 3030).
 */
export const MODES = ['plain', 'pipelining', 'chunking'] as const;
export type Mode = (typeof MODES)[number];

export interface Task {
  port: number;
  mode: Mode;
  messages: number;
  sizeBytes: number;
  connections: number;
  /** Each message goes to one of these, in turns. */
  mailboxes: readonly string[];
  /** Messages begun a second, whether or not earlier ones have been answered; as fast as they are answered where not given. */
  ratePerSecond?: number;
}

export interface Report {
  /** When the first connection was begun, in milliseconds since 1970: this process takes its time to start. */
  connectedAtMs: number;
  /** From the last octet of each message to its reply. */
  replyMs: number[];
  /** From the moment each message was due to its reply. */
  totalMs: number[];
}
