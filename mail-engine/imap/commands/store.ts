/** STORE (RFC 3501 §6.4.6), conditional with UNCHANGEDSINCE (RFC 7162 §3.1.3). */
import { changeFlags } from '#engine/store/transaction/flag-change.ts';
import type { FlagChange, MessageEntry, Uid } from '#engine/store/types.ts';
import type { Cursor } from '#engine/wire/imap/cursor.ts';
import { storeFlags } from '#engine/wire/imap/flag.ts';
import { formatSet } from '#engine/wire/imap/sequence-set.ts';
import { type Command, type Completion, completed, defineCommand, SELECTED } from '../command.ts';
import { flagBits, formatFlags } from '../flags.ts';
import { type MessageSet, messageSet, resolveMessageSet } from '../message-set.ts';
import type { SelectedFolder } from '../selected-folder.ts';
import { sendResponses } from '../send-responses.ts';
import type { ImapSession } from '../session.ts';
import { formatFlagsFetch, formatNewKeywords } from '../updates.ts';

interface StoreArguments {
  set: MessageSet;
  unchangedSince: number | undefined;
  silent: boolean;
  change: FlagChange;
}

function unchangedSince(cursor: Cursor): number | undefined {
  if (!cursor.takeText('(')) return undefined;
  cursor.expectText('UNCHANGEDSINCE ');
  const modseq = cursor.number64();
  cursor.expectText(') ');
  return modseq;
}

function storeMode(cursor: Cursor): FlagChange['mode'] {
  if (cursor.takeText('+')) return 'add';
  return cursor.takeText('-') ? 'remove' : 'replace';
}

function storeArguments(cursor: Cursor): StoreArguments {
  cursor.SP();
  const set = messageSet(cursor);
  cursor.SP();
  const since = unchangedSince(cursor);
  const mode = storeMode(cursor);
  cursor.expectText('FLAGS');
  const silent = cursor.takeText('.SILENT');
  cursor.SP();
  const { system, keywords } = storeFlags(cursor);
  return { set, unchangedSince: since, silent, change: { mode, flags: flagBits(system), keywords } };
}

/** True where the message is now what the client thinks it made of it: nobody else changed it meanwhile. */
function isAsExpected(before: MessageEntry | undefined, after: MessageEntry, change: FlagChange): boolean {
  if (!before) return false;
  const { flags, keywords } = changeFlags(before, change) ?? before;
  return flags === after.flags && formatFlags({ flags, keywords }) === formatFlags(after);
}

/**
 * The new flags of what was named. A silent STORE says nothing, except to a client that knows mod-sequences and needs the new
 * ones (RFC 7162 §3.1.3); what others changed meanwhile comes with the updates.
 */
function* formatResults(
  session: ImapSession,
  selected: SelectedFolder,
  before: ReadonlyMap<Uid, MessageEntry | undefined>,
  { silent, change }: StoreArguments,
): Generator<string> {
  yield* formatNewKeywords(selected, before.keys());
  for (const [uid, previous] of before) {
    const entry = selected.findEntry(uid);
    if (!entry) continue;
    if (!silent) selected.tracker.noteReported(uid, entry.modseq);
    else if (isAsExpected(previous, entry, change)) selected.tracker.noteSilent(uid, entry.modseq);
    const sequence = selected.tracker.sequenceOf(uid);
    if (!silent) yield formatFlagsFetch(session, sequence, entry);
    else yield session.condstore ? `* ${sequence} FETCH (UID ${uid} MODSEQ (${entry.modseq}))\r\n` : '';
  }
}

async function runStore(session: ImapSession, name: string, args: StoreArguments, byUid: boolean): Promise<Completion> {
  const selected = session.requireWritable();
  const { accountId, id } = selected.view.folder;
  if (args.unchangedSince !== undefined) session.enabled.add('CONDSTORE');
  const uids = resolveMessageSet(selected, args.set, byUid);
  const before = new Map(uids.map((uid) => [uid, selected.findEntry(uid)]));
  const { failed } = await session.deps.store.transact(accountId, (tx) =>
    tx.storeFlags(id, uids, args.change, args.unchangedSince),
  );
  await selected.view.refresh();
  for (const uid of failed) before.delete(uid);
  await sendResponses(session, formatResults(session, selected, before, args));
  const modified = byUid ? [...failed] : failed.map((uid) => selected.tracker.sequenceOf(uid));
  if (modified.length > 0) return completed(name, `MODIFIED ${formatSet(modified)}`);
  const someGone = !byUid && uids.some((uid) => !selected.findEntry(uid));
  return completed(name, someGone ? 'EXPUNGEISSUED' : undefined);
}

function defineStore(name: string, byUid: boolean): Command {
  return defineCommand({
    name,
    states: SELECTED,
    holdsExpunge: !byUid,
    parse: storeArguments,
    run: (session, args) => runStore(session, name, args, byUid),
  });
}

export const storeCommands = [defineStore('STORE', false), defineStore('UID STORE', true)];
