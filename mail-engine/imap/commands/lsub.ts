/** LSUB (RFC 3501 §6.3.9). */
import { formatMailbox } from '#engine/wire/imap/format.ts';
import { canonicalMailbox, mailbox, mailboxPattern } from '#engine/wire/imap/mailbox.ts';
import { AUTHENTICATED, completed, defineCommand } from '../command.ts';
import { SEPARATOR, superiorsOf } from '../folder-tree.ts';
import { compileFolderPatterns } from '../match-folders.ts';

const MAX_PATTERN = 1000;

export const lsubCommand = defineCommand({
  name: 'LSUB',
  states: AUTHENTICATED,
  parse: (cursor, session) => {
    cursor.SP();
    const reference = mailbox(cursor, session.utf8);
    cursor.SP();
    const pattern = canonicalMailbox(reference + mailboxPattern(cursor, session.utf8));
    if (pattern.length > MAX_PATTERN) cursor.fail('Pattern is too long');
    return pattern;
  },
  run: async (session, pattern) => {
    const folders = await session.deps.store.listFolders(session.requireAccountId());
    const names = folders.filter((folder) => folder.subscribed).map((folder) => folder.name);
    const subscribed = new Set(names);
    // `%` stops at a level whose inferiors are subscribed: the level is shown, though it is not subscribed itself.
    const levels = pattern.endsWith('%') ? names.flatMap(superiorsOf).filter((name) => !subscribed.has(name)) : [];
    const shown = [...new Set([...names, ...levels])];
    const matches = compileFolderPatterns([pattern], shown);
    for (const name of shown.filter(matches).sort()) {
      const attributes = subscribed.has(name) ? '' : '\\Noselect';
      await session.untagged(`LSUB (${attributes}) "${SEPARATOR}" ${formatMailbox(name, session.utf8)}`);
    }
    return completed('LSUB');
  },
});
