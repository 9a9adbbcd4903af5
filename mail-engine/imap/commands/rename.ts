import { mailbox } from '#engine/wire/imap/mailbox.ts';
import { AUTHENTICATED, completed, defineCommand } from '../command.ts';
import { requireNewName } from '../require-new-name.ts';

/** RFC 3501 §6.3.5 */
export const renameCommand = defineCommand({
  name: 'RENAME',
  states: AUTHENTICATED,
  parse: (cursor, session) => {
    cursor.SP();
    const from = mailbox(cursor, session.utf8);
    cursor.SP();
    return { from, to: mailbox(cursor, session.utf8) };
  },
  run: async (session, { from, to }) => {
    const name = requireNewName(to);
    await session.deps.store.transact(session.requireAccountId(), (tx) => tx.renameFolder(from, name));
    return completed('RENAME');
  },
});
