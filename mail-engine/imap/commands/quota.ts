/** QUOTA (RFC 9208): one quota root, `""`, the account; STORAGE in units of 1024 bytes. */
import { formatMailbox } from '#engine/wire/imap/format.ts';
import { mailbox } from '#engine/wire/imap/mailbox.ts';
import { AUTHENTICATED, completed, defineCommand } from '../command.ts';
import { ImapError } from '../errors.ts';
import { requireFolder } from '../require-folder.ts';
import type { ImapSession } from '../session.ts';

const UNIT = 1024;

/** An account without a limit has no resource to show. */
async function sendQuota(session: ImapSession): Promise<void> {
  const { sizeBytes, quotaBytes } = await session.deps.store.readUsage(session.requireAccountId());
  const resources = quotaBytes > 0 ? `STORAGE ${Math.ceil(sizeBytes / UNIT)} ${Math.floor(quotaBytes / UNIT)}` : '';
  await session.untagged(`QUOTA "" (${resources})`);
}

export const getQuotaCommand = defineCommand({
  name: 'GETQUOTA',
  states: AUTHENTICATED,
  parse: (cursor) => {
    cursor.SP();
    return cursor.astring();
  },
  run: async (session, root) => {
    if (root !== '') throw new ImapError('NO', 'NONEXISTENT', 'There is no such quota root');
    await sendQuota(session);
    return completed('GETQUOTA');
  },
});

export const getQuotaRootCommand = defineCommand({
  name: 'GETQUOTAROOT',
  states: AUTHENTICATED,
  parse: (cursor, session) => {
    cursor.SP();
    return mailbox(cursor, session.utf8);
  },
  run: async (session, name) => {
    const folder = await requireFolder(session, name);
    await session.untagged(`QUOTAROOT ${formatMailbox(folder.name, session.utf8)} ""`);
    await sendQuota(session);
    return completed('GETQUOTAROOT');
  },
});
