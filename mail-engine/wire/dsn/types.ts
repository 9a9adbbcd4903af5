/** What a delivery status notification says (RFC 3464, RFC 6522, RFC 6533). */

export type DsnAction = 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';

export interface DsnRecipient {
  /** Address delivery was tried to. */
  finalRecipient: string;
  action: DsnAction;
  /** RFC 3463 status; one that is malformed becomes X.0.0 of the action's class. */
  status: string;
  /** ORCPT as it was received: `type;xtext` (RFC 3461 §4.2). */
  originalRecipient?: string | null;
  /** The remote server's reply. */
  diagnosticCode?: string | null;
  /** Our own words where no server spoke. */
  reason?: string | null;
  remoteMta?: string | null;
  lastAttempt?: Date | null;
  /** Of delayed mail: when it is given up. */
  willRetryUntil?: Date | null;
}

export interface DsnOptions {
  /** Name of this host. */
  reportingMta: string;
  /** ENVID as it was received: xtext (RFC 3461 §4.4). */
  envId?: string | null;
  arrival: Date;
  /** At least one. */
  recipients: readonly DsnRecipient[];
  /** What the third part carries: the whole message (RET=FULL) or its header. Its bytes go between `head` and `tail`. */
  original: { kind: 'message' | 'header'; eightBit: boolean };
  /** Message-ID of the original with its brackets, so that the notification joins its conversation. */
  originalMessageId?: string | null;
  /** Values of From and To, ASCII or (with `smtpUtf8`) UTF-8. */
  from: string;
  to: string;
  /** With its brackets. */
  messageId: string;
  date: Date;
  /** Must not occur in the original: random. */
  boundary: string;
  /** The original was internationalised: addresses are given as UTF-8 in message/global types (RFC 6533). */
  smtpUtf8?: boolean;
}

/** A notification is `head`, the bytes of the original, `tail`. */
export interface DsnFrame {
  head: Buffer;
  tail: Buffer;
}
