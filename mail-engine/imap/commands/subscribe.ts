import { mailbox } from '#engine/wire/imap/mailbox.ts';
import { AUTHENTICATED, type Command, completed, defineCommand } from '../command.ts';

function defineSubscription(name: string, subscribed: boolean): Command {
  return defineCommand({
    name,
    states: AUTHENTICATED,
    parse: (cursor, session) => {
      cursor.SP();
      return mailbox(cursor, session.utf8);
    },
    run: async (session, folderName) => {
      const accountId = session.requireAccountId();
      await session.deps.store.transact(accountId, (tx) => tx.setSubscribed(folderName, subscribed));
      return completed(name);
    },
  });
}

/** RFC 3501 §6.3.6 */
export const subscribeCommand = defineSubscription('SUBSCRIBE', true);

/** RFC 3501 §6.3.7 */
export const unsubscribeCommand = defineSubscription('UNSUBSCRIBE', false);
