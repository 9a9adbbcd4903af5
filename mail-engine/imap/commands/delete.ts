import { mailbox } from '#engine/wire/imap/mailbox.ts';
import { AUTHENTICATED, completed, defineCommand } from '../command.ts';

/** RFC 3501 §6.3.4. Deleting the folder one has selected leaves it first. */
export const deleteCommand = defineCommand({
  name: 'DELETE',
  states: AUTHENTICATED,
  parse: (cursor, session) => {
    cursor.SP();
    return mailbox(cursor, session.utf8);
  },
  run: async (session, name) => {
    if (session.selected?.view.folder.name === name && name !== 'INBOX') await session.unselect();
    await session.deps.store.transact(session.requireAccountId(), (tx) => tx.deleteFolder(name));
    return completed('DELETE');
  },
});
