/** One STATUS response (RFC 3501 §7.2.4). */
import type { Folder } from '#engine/store/types.ts';
import { formatMailbox } from '#engine/wire/imap/format.ts';
import type { StatusAtt } from '#engine/wire/imap/status-att.ts';
import { formatMailboxId } from './object-id.ts';
import type { ImapSession } from './session.ts';

function statusValue(session: ImapSession, folder: Folder, att: StatusAtt): string | number {
  switch (att) {
    case 'MESSAGES':
      return folder.exists;
    case 'RECENT':
      return 0;
    case 'UIDNEXT':
      return folder.uidNext;
    case 'UIDVALIDITY':
      return folder.uidValidity;
    case 'UNSEEN':
      return folder.unseen;
    case 'SIZE':
      return folder.sizeBytes;
    case 'HIGHESTMODSEQ':
      return folder.highestModseq;
    case 'MAILBOXID':
      return `(${formatMailboxId(folder.id)})`;
    case 'APPENDLIMIT':
      return session.deps.limits.appendBytes;
  }
}

/** Asking for HIGHESTMODSEQ makes the client CONDSTORE-aware (RFC 7162 §3.1). */
export function formatStatus(session: ImapSession, folder: Folder, atts: readonly StatusAtt[]): string {
  if (atts.includes('HIGHESTMODSEQ')) session.enabled.add('CONDSTORE');
  const items = atts.map((att) => `${att} ${statusValue(session, folder, att)}`);
  return `* STATUS ${formatMailbox(folder.name, session.utf8)} (${items.join(' ')})\r\n`;
}
