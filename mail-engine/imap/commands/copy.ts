/** COPY (RFC 3501 §6.4.7, COPYUID RFC 4315 §3) and MOVE (RFC 6851). */
import type { CopyResult } from '#engine/store/types.ts';
import { StoreError } from '#engine/store/types.ts';
import type { Cursor } from '#engine/wire/imap/cursor.ts';
import { mailbox } from '#engine/wire/imap/mailbox.ts';
import { formatSet } from '#engine/wire/imap/sequence-set.ts';
import { type Command, type Completion, completed, defineCommand, SELECTED } from '../command.ts';
import { ImapError } from '../errors.ts';
import { type MessageSet, messageSet, resolveMessageSet } from '../message-set.ts';
import type { ImapSession } from '../session.ts';
import { sendUpdates } from '../updates.ts';

interface CopyArguments {
  set: MessageSet;
  target: string;
}

function copyArguments(cursor: Cursor, session: ImapSession): CopyArguments {
  cursor.SP();
  const set = messageSet(cursor);
  cursor.SP();
  return { set, target: mailbox(cursor, session.utf8) };
}

function formatCopyUid({ uidValidity, pairs }: CopyResult): string | undefined {
  if (pairs.length === 0) return undefined;
  const sources = formatSet(pairs.map(([source]) => source));
  return `COPYUID ${uidValidity} ${sources} ${formatSet(pairs.map(([, target]) => target))}`;
}

/** RFC 3501 §6.4.7: a target that is not there may be created by the client, who then tries again. */
function offerCreate(error: unknown): never {
  const isMissing = error instanceof StoreError && error.code === 'nonexistent';
  throw isMissing ? new ImapError('NO', 'TRYCREATE', error.message) : error;
}

async function transfer(
  session: ImapSession,
  kind: 'copy' | 'move',
  { set, target }: CopyArguments,
  byUid: boolean,
): Promise<string | undefined> {
  const selected = kind === 'move' ? session.requireWritable() : session.requireSelected();
  const { accountId, id } = selected.view.folder;
  const uids = resolveMessageSet(selected, set, byUid);
  const result = await session.deps.store.transact(accountId, (tx) => tx[kind](id, uids, target)).catch(offerCreate);
  await selected.view.refresh();
  return formatCopyUid(result);
}

/** RFC 6851 §4.3: COPYUID is told before the EXPUNGEs. */
async function move(session: ImapSession, name: string, args: CopyArguments, byUid: boolean): Promise<Completion> {
  const copyUid = await transfer(session, 'move', args, byUid);
  if (copyUid) await session.untagged(`OK [${copyUid}] Moved`);
  const modseq = session.requireSelected().highestModseq;
  await sendUpdates(session, true);
  return completed(name, copyUid && session.condstore ? `HIGHESTMODSEQ ${modseq}` : undefined);
}

function defineCopy(name: string, byUid: boolean): Command {
  return defineCommand({
    name,
    states: SELECTED,
    parse: copyArguments,
    run: async (session, args) => completed(name, await transfer(session, 'copy', args, byUid)),
  });
}

function defineMove(name: string, byUid: boolean): Command {
  return defineCommand({
    name,
    states: SELECTED,
    parse: copyArguments,
    run: (session, args) => move(session, name, args, byUid),
  });
}

export const copyCommands = [defineCopy('COPY', false), defineCopy('UID COPY', true)];
export const moveCommands = [defineMove('MOVE', false), defineMove('UID MOVE', true)];
