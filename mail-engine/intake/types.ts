/**
 * Accepting a message until 250. A transaction is begun per message, fed the canonical bytes (CRLF lines, dots unstuffed, no
 * final dot), and committed: when `commit` resolves, every recipient has it in its folder or in the queue, on disk, once.
 */
import type { MessageFacts } from '#engine/wire/mime/types.ts';

export interface LocalRecipient {
  kind: 'local';
  accountId: number;
  domainId: number;
  /** Address as it stood in RCPT (goes to Delivered-To) and where in the account it goes (default INBOX). */
  address: string;
  folder?: string;
  /** RCPT's NOTIFY and ORCPT, for a copy that has to go by way of the queue. */
  notify?: string;
  orcpt?: string;
  /**
   * Set where mail for `address` is forwarded or answered as well, for which there is a `hosted` recipient: the account's own address,
   * under which the queue tries this copy where it cannot be stored now.
   */
  queueAs?: string;
  /** LMTP: where it cannot be stored now, that is told in `IntakeResult.refused`; the queue does not try. */
  neverQueued?: boolean;
}

export interface RemoteRecipient {
  kind: 'remote';
  address: string;
  /** Lower-case A-label domain. */
  destination: string;
  /** RCPT's NOTIFY and ORCPT (RFC 3461). */
  notify?: string;
  orcpt?: string;
  /** An address of ours that the queue forwards, answers or delivers here. */
  hosted?: boolean;
}

export type IntakeRecipient = LocalRecipient | RemoteRecipient;

export interface IntakeEnvelope {
  /** Reverse-path without brackets; empty for bounces. */
  sender: string;
  recipients: readonly IntakeRecipient[];
  /** Connection or queue id that logs and trace events carry. */
  ref: string;
  /** Our Received field, CRLF-ended, put before every copy; Return-Path and Delivered-To are added by intake. */
  received: string;
  peer: string;
  /** What the trace records of the client beside its address. */
  traceDetail?: string;
  /** Authenticated submitter. */
  accountId?: number;
  envId?: string;
  ret?: 'FULL' | 'HDRS';
  smtpUtf8?: boolean;
  /** REQUIRETLS (RFC 8689): it leaves over verified TLS or not at all. */
  requireTls?: boolean;
  /** FUTURERELEASE (RFC 4865): nobody gets it before; local recipients go by way of the queue too. */
  notBefore?: Date;
  /** Nobody gets it until it is released: every recipient becomes a held queue entry, and the panel shows the reason. */
  hold?: { reason: string };
  /** Bytes accepted at most; crossing it makes `write` reject with `IntakeError('too-big')`. */
  maxBytes: number;
}

export type IntakeErrorCode = 'too-big' | 'over-quota' | 'loop' | 'unavailable' | 'aborted';

/** `over-quota` and `loop` are for all recipients; `unavailable` is worth a retry (451). */
export class IntakeError extends Error {
  readonly code: IntakeErrorCode;
  constructor(code: IntakeErrorCode, message: string) {
    super(message);
    this.name = 'IntakeError';
    this.code = code;
  }
}

export interface IntakeResult {
  blobId: number;
  /** Rows of the queue made, 0 when all were local. */
  queued: number;
  stored: number;
  /** Of those `neverQueued`: who did not get it while others did. */
  refused: readonly { accountId: number; reason: 'over-quota' | 'unavailable' }[];
}

export interface IntakeTransaction {
  /**
   * Undefined where more may be written at once, else a promise of when (back-pressure). After it rejects, further writes reject the
   * same way and the caller drains its peer and answers once. Never throws.
   */
  write(chunk: Buffer): Promise<void> | undefined;
  /** Ends the bytes and shows their facts before anything is committed (filters, Date and Message-ID checks). */
  finish(): Promise<MessageFacts>;
  /**
   * `extraHeader`: CRLF-ended fields that go into every copy's prefix (Message-ID and Date a client forgot, Authentication-Results).
   * `hold`: as the envelope's, where it shows only now.
   */
  commit(extraHeader?: string, hold?: IntakeEnvelope['hold']): Promise<IntakeResult>;
  abort(): Promise<void>;
}

export interface Intake {
  begin(envelope: IntakeEnvelope): IntakeTransaction;
  /** Waits for the commits under way; new ones are refused with `unavailable`. */
  close(): Promise<void>;
}
