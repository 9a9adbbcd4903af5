/**
 * Writes members in one transaction of one round trip, where all of them can go where they are meant to. Resolves after PostgreSQL has
 * said that it is committed, which is after its log is on disk; to undefined, with nothing kept, where the batch is not that plain: then
 * `writeBatch` finds out what is to be done with each member. Rejects with `CommitUnknownError` when the connection was lost on the way.
 */
import { type Numbered, PLAIN_COLUMNS, writePlainColumns } from './columns.ts';
import { isRefusal, type Row, type Step } from './exchange.ts';
import { type FolderCount, type PlainPlan, planPlain } from './plain-plan.ts';
import { QUEUE_COLUMNS, writeQueueColumns } from './queue-columns.ts';
import { WRITE_AT_ONCE, WRITE_QUEUE } from './statements.ts';
import type { FolderCommit, Member, Receipt } from './types.ts';
import { type BatchIds, type BatchOutcome, CommitUnknownError, type Session } from './write-batch.ts';

interface Given {
  folder: FolderCount;
  folderId: number;
  uidValidity: number;
  firstUid: number;
  modseq: number;
}

/** An array as PostgreSQL spells it: `{1,2,3}`. */
function toNumbers(text: string | null | undefined): number[] {
  if (!text || text === '{}') return [];
  return text.slice(1, -1).split(',').map(Number);
}

function readGiven(plan: PlainPlan, [, , ...lists]: Row): Given[] {
  const [ids = [], uidValidities = [], firstUids = [], modseqs = []] = lists.map(toNumbers);
  return plan.folders.map((folder, at) => ({
    folder,
    folderId: ids[at] ?? Number.NaN,
    uidValidity: uidValidities[at] ?? Number.NaN,
    firstUid: firstUids[at] ?? Number.NaN,
    modseq: modseqs[at] ?? Number.NaN,
  }));
}

function toReceipts(plan: PlainPlan, given: readonly Given[], rows: readonly Numbered[]): Map<Member, Receipt> {
  const receipts = new Map<Member, Receipt & { stored: Receipt['stored'][number][] }>();
  for (const { member, blobId } of rows) {
    receipts.set(member, { blobId, stored: [], queued: plan.entries.get(member)?.length ?? 0, unplaced: [] });
  }
  for (const { folder, folderId, uidValidity, firstUid } of given) {
    const { accountId } = folder;
    for (const { member, nth } of folder.copies) {
      receipts.get(member)?.stored.push({ accountId, folderId, uidValidity, uid: firstUid + nth });
    }
  }
  return receipts;
}

function toCommits(given: readonly Given[]): FolderCommit[] {
  return given.map(({ folder, folderId, firstUid, modseq }) => ({
    accountId: folder.accountId,
    folderId,
    fromModseq: modseq,
    toModseq: modseq,
    uidNext: firstUid + folder.copies.length,
    added: folder.copies.map(({ placement: { flags, keywords }, nth }) => ({
      uid: firstUid + nth,
      modseq,
      flags,
      keywords,
    })),
  }));
}

function stepsFor(plan: PlainPlan, rows: readonly Numbered[]): Step[] {
  const steps: Step[] = [
    { statement: WRITE_AT_ONCE, parameters: PLAIN_COLUMNS, bind: (to) => writePlainColumns(to, plan, rows) },
  ];
  const queued = rows.filter(({ queueId }) => queueId !== null);
  if (queued.length > 0) {
    const bind: Step['bind'] = (to) => writeQueueColumns(to, plan.entries, queued);
    steps.push({ statement: WRITE_QUEUE, parameters: QUEUE_COLUMNS, bind });
  }
  return steps;
}

/** The first step's row. A statement that PostgreSQL refused has written nothing, and is for `writeBatch` to explain. */
async function run({ exchanger, client }: Session, steps: readonly Step[]): Promise<Row | undefined> {
  try {
    const [answer] = await exchanger.run(client, steps);
    return answer?.[0];
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw new CommitUnknownError(error);
  }
}

export async function writeAtOnce(
  session: Session,
  members: readonly Member[],
  ids: BatchIds,
): Promise<BatchOutcome | undefined> {
  const plan = planPlain(members, ids.blobIds);
  const rows: Numbered[] = members.map((member) => ({
    member,
    blobId: ids.blobIds.get(member) ?? Number.NaN,
    queueId: plan.entries.has(member) ? (ids.queueIds.get(member) ?? Number.NaN) : null,
  }));
  const row = await run(session, stepsFor(plan, rows));
  if (row?.[0] !== 't') return undefined;
  const given = readGiven(plan, row);
  return { receipts: toReceipts(plan, given, rows), refused: new Map(), postponed: [], commits: toCommits(given) };
}
