/** Rows of the queue as a runner holds them. States and moves: docs/queue.md. */

/** One leased recipient. */
export interface LeasedEntry {
  id: number;
  recipient: string;
  /** NOTIFY and ORCPT of its RCPT (RFC 3461 §4.1, §4.2). */
  notify: string | null;
  orcpt: string | null;
  /** The attempt under way included. */
  attempts: number;
  /** The sender has been told of a delay, or is about to be. */
  delayNotified: boolean;
}

/** What a queued message is, whichever of its recipients are at hand. */
export interface QueuedMessage {
  id: number;
  blobId: number;
  prefix: Buffer;
  /** prefix + blob. */
  sizeBytes: number;
  /** Reverse-path, empty for bounces. */
  sender: string;
  envId: string | null;
  ret: string | null;
  smtpUtf8: boolean;
  eightBit: boolean;
  accountId: number | null;
  ref: string;
  createdAt: Date;
  expiresAt: Date;
  /** FUTURERELEASE (RFC 4865); null: at once. */
  notBefore: Date | null;
  /** REQUIRETLS (RFC 8689). */
  requireTls: boolean;
}

/** Recipients of one message at one destination, leased together. */
export interface LeasedMessage extends QueuedMessage {
  destination: string;
  entries: readonly LeasedEntry[];
}

/** What a DSN will say of one recipient (RFC 3464 §2.3); kept on the entry until the DSN is injected. */
export interface Notice {
  action: 'failed' | 'delayed' | 'relayed' | 'delivered' | 'expanded';
  status: string;
  diagnostic: string;
  /** `diagnostic` is the remote server's reply. */
  spoken: boolean;
  remoteHost: string | null;
  /** ISO 8601. */
  lastAttemptAt: string;
}
