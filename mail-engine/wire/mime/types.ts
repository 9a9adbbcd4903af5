/** What the structure scanner learns of a message in one pass. All offsets are bytes from the start of the scanned bytes. */

/** `[name, value]`, name lower-case, value decoded (RFC 2231) and unquoted; at most a bounded number are kept. */
export type Parameter = readonly [name: string, value: string];

/** One MIME entity (RFC 2045 §2.4). Children of multipart are its body parts; of message/rfc822 its one embedded message. */
export interface MimePart {
  /** Where the entity's header starts, where its body starts (after the empty line), and where the body ends (before the boundary's CRLF). */
  start: number;
  bodyStart: number;
  end: number;
  /** Lines of the body, as BODYSTRUCTURE counts them (RFC 9051 §7.5.2). */
  lines: number;
  /** Lower-case. Defaults as RFC 2045 §5.2, `message/rfc822` inside multipart/digest. */
  type: string;
  subtype: string;
  parameters: readonly Parameter[];
  /** Lower-case Content-Transfer-Encoding, `7bit` by default. */
  encoding: string;
  id: string | null;
  description: string | null;
  md5: string | null;
  disposition: { type: string; parameters: readonly Parameter[] } | null;
  languages: readonly string[];
  location: string | null;
  children: readonly MimePart[];
  /** Of an embedded message only (message/rfc822, message/global): its ENVELOPE. */
  imapEnvelope: ImapEnvelope | null;
}

/** `name` raw as in the header (still RFC 2047-encoded), as ENVELOPE wants it. A group start has mailbox = its name and host null (RFC 9051 §7.5.2). */
export interface ImapAddress {
  name: string | null;
  adl: string | null;
  mailbox: string | null;
  host: string | null;
}

/** The IMAP ENVELOPE; strings raw (unfolded, still encoded). Never the SMTP envelope. */
export interface ImapEnvelope {
  date: string | null;
  subject: string | null;
  from: readonly ImapAddress[];
  sender: readonly ImapAddress[];
  replyTo: readonly ImapAddress[];
  to: readonly ImapAddress[];
  cc: readonly ImapAddress[];
  bcc: readonly ImapAddress[];
  inReplyTo: string | null;
  messageId: string | null;
}

/** Everything intake stores beside a blob's bytes. */
export interface MessageFacts {
  size: number;
  /** Bytes of the top-level header, its empty line included. */
  headSize: number;
  root: MimePart;
  imapEnvelope: ImapEnvelope;
  /** Message-IDs of References, else In-Reply-To, oldest first, without brackets; at most 100. */
  references: readonly string[];
  /** How many Received fields the header has (RFC 5321 §6.3). */
  receivedCount: number;
  /** Values of Delivered-To fields, for loop detection; at most 100. */
  deliveredTo: readonly string[];
  /** True where a byte above 0x7f was seen (8BITMIME), and one in the header (SMTPUTF8). */
  eightBitBody: boolean;
  eightBitHeader: boolean;
  /** First words of the first text part, decoded, white space folded, at most 200 characters. */
  preview: string;
  /** True where depth, parts or header size ran over the scanner's limits and the rest was taken as one opaque body. */
  truncated: boolean;
}

/**
 * Streaming scanner: `write` any number of chunks (it keeps no reference to them), then `finish` once.
 * Memory is bounded by the limits, never by the message.
 */
export interface MimeScanner {
  write(chunk: Uint8Array): void;
  finish(): MessageFacts;
}

export interface MimeLimits {
  /** Nesting of parts; deeper ones are opaque. */
  depth: number;
  /** Entities in all; further ones stay inside their parent's body. */
  parts: number;
  /** Bytes of one entity's header that are interpreted; the rest is only counted. */
  headerBytes: number;
}
