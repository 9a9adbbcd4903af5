/** append-message (RFC 3501 §6.3.11, UTF8 data of RFC 6855 §4): everything of APPEND but the message's own bytes. */
import type { Cursor } from './cursor.ts';
import { dateTime } from './date.ts';
import { type FlagList, flagList } from './flag.ts';
import { findLiteralAnnouncement, type LiteralAnnouncement } from './literal.ts';
import { mailbox } from './mailbox.ts';

export interface AppendHead {
  mailbox: string;
  flags: FlagList;
  /** null: now. */
  internalDate: Date | null;
  literal: LiteralAnnouncement;
  /** The message stands in `UTF8 (…)`, so a `)` follows it. */
  utf8Data: boolean;
}

/** Takes `SP mailbox [SP flags] [SP date-time] SP literal-announcement`, which must end the bytes. */
export function appendHead(cursor: Cursor, utf8: boolean): AppendHead {
  const name = mailbox(cursor, utf8);
  cursor.SP();
  const flags = cursor.peekIs('(') ? flagList(cursor) : null;
  if (flags) cursor.SP();
  const internalDate = cursor.peekIs('"') ? dateTime(cursor) : null;
  if (internalDate) cursor.SP();
  const utf8Data = utf8 && cursor.takeText('UTF8 (');
  const literal = findLiteralAnnouncement(cursor.bytes.subarray(cursor.position));
  if (!literal || !/^~?\{\d+\+?\}\r\n$/.test(cursor.bytes.toString('latin1', cursor.position))) {
    cursor.fail('Expected the message as a literal');
  }
  cursor.position = cursor.bytes.length;
  return { mailbox: name, flags: flags ?? { system: [], keywords: [] }, internalDate, literal, utf8Data };
}
