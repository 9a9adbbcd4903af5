/** What webmail's operations answer; plain data, fit for JSON. */

export type FolderRole = 'inbox' | 'drafts' | 'sent' | 'archive' | 'junk' | 'trash';

export interface FolderInfo {
  /** Full name with the server's own hierarchy separator: what every other operation takes. */
  path: string;
  name: string;
  parentPath: string;
  depth: number;
  role: FolderRole | null;
  /** False for a name that only holds others (RFC 9051 §7.3.1 \Noselect). */
  selectable: boolean;
  total: number;
  unseen: number;
}

export interface Person {
  name: string;
  address: string;
}

export interface MessageFlags {
  seen: boolean;
  flagged: boolean;
  answered: boolean;
  forwarded: boolean;
  draft: boolean;
}

/** What one row of the list shows. */
export interface MessageRow extends MessageFlags {
  uid: number;
  from: Person[];
  to: Person[];
  subject: string;
  /** ISO 8601: when it arrived. */
  date: string;
  sizeBytes: number;
  hasAttachments: boolean;
  preview: string;
}

export interface MessagePage {
  folder: string;
  /** Messages in the folder, or those that the search found. */
  total: number;
  offset: number;
  rows: MessageRow[];
}

export interface AttachmentInfo {
  /** IMAP part number (RFC 9051 §6.4.5.1). */
  part: string;
  filename: string;
  contentType: string;
  /** As encoded: an upper bound of what a download brings. */
  sizeBytes: number;
  /** Content-ID without brackets, where the body may show it. */
  contentId: string | null;
  /** Shown inside the HTML body rather than listed. */
  inline: boolean;
}

export interface OpenedMessage extends MessageFlags {
  folder: string;
  uid: number;
  from: Person[];
  replyTo: Person[];
  to: Person[];
  cc: Person[];
  bcc: Person[];
  subject: string;
  date: string;
  sizeBytes: number;
  messageId: string;
  hasHtml: boolean;
  attachments: AttachmentInfo[];
}

/** Where messages went, and what brings them back. */
export interface Undo {
  folder: string;
  uids: number[];
  target: string;
}

export interface MoveOutcome {
  moved: number;
  target: string;
  /** Null where the server does not say what became of them (no UIDPLUS). */
  undo: Undo | null;
}
