/** FETCH over many messages, batch by batch: \Seen is set as far as the client has come, and memory does not grow with the set. */
import { Flag, type Uid } from '#engine/store/types.ts';
import type { SelectedFolder } from '../selected-folder.ts';
import type { ImapSession } from '../session.ts';
import { AlignedReader } from './aligned-reader.ts';
import type { FetchPlan } from './plan.ts';
import { FetchWriter } from './response.ts';

const BATCH = 500;

/** Sets \Seen where it is missing; returns whose flags changed. */
async function markSeen(session: ImapSession, selected: SelectedFolder, uids: readonly Uid[]): Promise<Set<Uid>> {
  const unseen = uids.filter((uid) => ((selected.findEntry(uid)?.flags ?? Flag.seen) & Flag.seen) === 0);
  if (unseen.length === 0) return new Set();
  const { accountId, id } = selected.view.folder;
  const change = { mode: 'add', flags: Flag.seen, keywords: [] } as const;
  await session.deps.store.transact(accountId, (tx) => tx.storeFlags(id, unseen, change));
  await selected.view.refresh();
  return new Set(unseen);
}

async function fetchBatch(
  session: ImapSession,
  selected: SelectedFolder,
  uids: readonly Uid[],
  plan: FetchPlan,
): Promise<number> {
  const { store } = session.deps;
  const { accountId, id } = selected.view.folder;
  const seen = plan.marksSeen ? await markSeen(session, selected, uids) : new Set<Uid>();
  const rows = plan.rowFields && new AlignedReader(store.readRows(accountId, id, uids, plan.rowFields));
  const readers = plan.needsBytes ? new AlignedReader(store.openMessages(accountId, id, uids)) : null;
  const tellsFlags = plan.atts.some((item) => item.att === 'FLAGS');
  const withFlags = tellsFlags ? plan.atts : [...plan.atts, { att: 'FLAGS' } as const];
  const writer = new FetchWriter(session);
  let missing = 0;
  try {
    for (const uid of uids) {
      await session.turn.giveWay();
      const row = await rows?.take(uid);
      const reader = await readers?.take(uid);
      const entry = selected.findEntry(uid);
      if (!entry || (rows && !row) || (readers && !reader)) {
        missing += 1;
        continue;
      }
      const atts = seen.has(uid) ? withFlags : plan.atts;
      if (atts === withFlags) selected.tracker.noteReported(uid, entry.modseq);
      const sequence = selected.tracker.sequenceOf(uid);
      await writer.write({ sequence, entry, row, reader }, atts);
    }
  } finally {
    await rows?.close();
    await readers?.close();
    if (!session.midResponse) await writer.flush();
  }
  return missing;
}

/** Returns how many of `uids` (ascending) are gone. */
export async function fetchMessages(
  session: ImapSession,
  selected: SelectedFolder,
  uids: readonly Uid[],
  plan: FetchPlan,
): Promise<number> {
  let missing = 0;
  for (let at = 0; at < uids.length; at += BATCH) {
    missing += await fetchBatch(session, selected, uids.slice(at, at + BATCH), plan);
  }
  return missing;
}
