/** Conversations as they are written down: who says what, in which charset. `me` is the owner of the mailbox. */
import type { DemoCharset } from '../mime/charset-encoder.ts';
import type { Person } from '../types.ts';

export interface Turn {
  from: Person | 'me';
  text: string;
}

export interface Conversation {
  subject: string;
  /** Of replies, where the language has its own. */
  replyPrefix?: string;
  turns: readonly [Turn, ...Turn[]];
  cc?: readonly Person[];
  charset?: DemoCharset;
  encoding?: 'quoted-printable' | 'base64' | '8bit';
  /** Where the received mail of it is kept; INBOX by default. */
  folder?: string;
}
