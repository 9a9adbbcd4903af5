import { mailbox } from '#engine/wire/imap/mailbox.ts';
import { statusAtts } from '#engine/wire/imap/status-att.ts';
import { AUTHENTICATED, completed, defineCommand } from '../command.ts';
import { requireFolder } from '../require-folder.ts';
import { formatStatus } from '../status-line.ts';

/** RFC 3501 §6.3.10 */
export const statusCommand = defineCommand({
  name: 'STATUS',
  states: AUTHENTICATED,
  parse: (cursor, session) => {
    cursor.SP();
    const name = mailbox(cursor, session.utf8);
    cursor.SP();
    return { name, atts: statusAtts(cursor) };
  },
  run: async (session, { name, atts }) => {
    await session.send(formatStatus(session, await requireFolder(session, name), atts));
    return completed('STATUS');
  },
});
