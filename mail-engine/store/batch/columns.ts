/** Writes a plan as the parameters of the batch's statements: one array per column. */
import { arrayLiteral } from '../binary-array.ts';
import type { ParameterWriter } from './parameter-writer.ts';
import type { FolderCount, PlainPlan } from './plain-plan.ts';
import type { BatchPlan } from './plan.ts';
import type { Member, Placement } from './types.ts';

/** A member that is written, with the ids given to it. */
export interface Numbered {
  member: Member;
  blobId: number;
  queueId: number | null;
}

/** A copy as far as both kinds of plan know it. */
interface Copy {
  member: Member;
  placement: Placement;
  size: number;
}

export const BLOB_COLUMNS = 10;

export function writeBlobs(to: ParameterWriter, rows: readonly Numbered[]): void {
  to.int8s(rows, ({ blobId }) => blobId);
  to.int8s(rows, ({ member }) => member.blob.facts.size);
  to.int4s(rows, ({ member }) => member.blob.facts.headSize);
  to.byteas(rows, ({ member }) => member.blob.facts.sha256);
  to.utf8Byteas(rows, ({ member }) => member.blob.facts.imapEnvelope);
  to.utf8Byteas(rows, ({ member }) => member.blob.facts.imapBody);
  to.utf8Byteas(rows, ({ member }) => member.blob.facts.bodyStructure);
  to.texts(rows, ({ member }) => member.blob.facts.structure);
  to.texts(rows, ({ member }) => member.blob.facts.preview);
  to.int8s(rows, ({ member }) => member.blob.facts.threadKey);
}

const CHUNK_COLUMNS = 3;

function writeChunks(to: ParameterWriter, rows: readonly Numbered[]): void {
  const chunks = rows.flatMap(({ member, blobId }) => member.blob.chunks.map((data, seq) => ({ blobId, seq, data })));
  to.int8s(chunks, ({ blobId }) => blobId);
  to.int4s(chunks, ({ seq }) => seq);
  to.byteas(chunks, ({ data }) => data);
}

function writeCopyFacts(to: ParameterWriter, rows: readonly Copy[]): void {
  to.byteas(rows, ({ placement }) => placement.prefix);
  to.int8s(rows, ({ size }) => size);
  to.int2s(rows, ({ placement }) => placement.flags);
  to.texts(rows, ({ placement }) => arrayLiteral(placement.keywords));
  to.timestamps(rows, ({ placement }) => placement.internalDate);
  to.int8s(rows, ({ member }) => member.blob.facts.threadKey);
}

const USAGE_COLUMNS = 3;

function writeUsage(to: ParameterWriter, accounts: BatchPlan['accounts']): void {
  const rows = [...accounts];
  to.int8s(rows, ([accountId]) => accountId);
  to.int8s(rows, ([, { bytes }]) => bytes);
  to.int8s(rows, ([, { messages }]) => messages);
}

const FOLDER_COLUMNS = 7;

function writeFolders(to: ParameterWriter, plan: BatchPlan): void {
  const rows = [...plan.folders.values()];
  to.int8s(rows, ({ folder }) => folder.accountId);
  to.int8s(rows, ({ folder }) => folder.folderId);
  to.int8s(rows, ({ uidNext }) => uidNext);
  to.int8s(rows, ({ modseq }) => modseq);
  to.int8s(rows, ({ added }) => added.length);
  to.int8s(rows, ({ unseen }) => unseen);
  to.int8s(rows, ({ bytes }) => bytes);
}

const MESSAGE_COLUMNS = 11;

function writeMessages(to: ParameterWriter, plan: BatchPlan, blobIds: ReadonlyMap<Member, number>): void {
  const rows = plan.copies;
  to.int8s(rows, ({ folder }) => folder.accountId);
  to.int8s(rows, ({ folder }) => folder.folderId);
  to.int8s(rows, ({ uid }) => uid);
  to.int8s(rows, ({ member }) => blobIds.get(member) ?? null);
  to.int8s(rows, ({ modseq }) => modseq);
  writeCopyFacts(to, rows);
}

interface TraceRow {
  kind: 'stored' | 'queued' | 'submitted';
  trace: NonNullable<Member['trace']>;
  accountId: number | null;
  domainId: number | null;
  recipient: string | null;
}

type Entries = BatchPlan['entries'];

/** One event per copy and queue entry, which also tell that the message was received. */
function traceRows(copies: readonly Copy[], entries: Entries, rows: readonly Numbered[]): TraceRow[] {
  const found: TraceRow[] = [];
  for (const { member, placement } of copies) {
    const { trace } = member;
    if (!trace || !placement.delivery) continue;
    const { domainId, address } = placement.delivery;
    found.push({ kind: 'stored', trace, accountId: placement.accountId, domainId, recipient: address });
  }
  for (const { member } of rows) {
    const { trace } = member;
    if (!trace) continue;
    const accountId = trace.submittedBy;
    if (accountId !== null) found.push({ kind: 'submitted', trace, accountId, domainId: null, recipient: null });
    for (const { recipient } of entries.get(member) ?? []) {
      found.push({ kind: 'queued', trace, accountId, domainId: null, recipient });
    }
  }
  return found;
}

const TRACE_COLUMNS = 8;

function writeTrace(to: ParameterWriter, events: readonly TraceRow[]): void {
  to.texts(events, ({ kind }) => kind);
  to.texts(events, ({ trace }) => trace.ref);
  to.int8s(events, ({ accountId }) => accountId);
  to.int8s(events, ({ domainId }) => domainId);
  to.texts(events, ({ trace }) => trace.sender);
  to.texts(events, ({ recipient }) => recipient);
  to.texts(events, ({ trace }) => trace.peer);
  to.texts(events, ({ trace }) => trace.detail);
}

export const BATCH_COLUMNS =
  BLOB_COLUMNS + CHUNK_COLUMNS + FOLDER_COLUMNS + MESSAGE_COLUMNS + USAGE_COLUMNS + TRACE_COLUMNS;

/** Parameters of `WRITE_BATCH`. Blobs that were streamed are there already. */
export function writeBatchColumns(
  to: ParameterWriter,
  plan: BatchPlan,
  rows: readonly Numbered[],
  blobIds: ReadonlyMap<Member, number>,
): void {
  const fresh = rows.filter(({ member }) => member.blob.pendingId === null);
  writeBlobs(to, fresh);
  writeChunks(to, fresh);
  writeFolders(to, plan);
  writeMessages(to, plan, blobIds);
  writeUsage(to, plan.accounts);
  writeTrace(to, traceRows(plan.copies, plan.entries, rows));
}

const PLAIN_FOLDER_COLUMNS = 6;

function writePlainFolders(to: ParameterWriter, rows: readonly FolderCount[]): void {
  to.int4s(rows, ({ at }) => at);
  to.int8s(rows, ({ accountId }) => accountId);
  to.texts(rows, ({ name }) => name);
  to.int8s(rows, ({ copies }) => copies.length);
  to.int8s(rows, ({ unseen }) => unseen);
  to.int8s(rows, ({ bytes }) => bytes);
}

const PLAIN_MESSAGE_COLUMNS = 10;

function writePlainMessages(to: ParameterWriter, { copies }: PlainPlan): void {
  to.int4s(copies, ({ folder }) => folder.at);
  to.int8s(copies, ({ folder }) => folder.accountId);
  to.int8s(copies, ({ nth }) => nth);
  to.int8s(copies, ({ blobId }) => blobId);
  writeCopyFacts(to, copies);
}

export const PLAIN_COLUMNS =
  BLOB_COLUMNS + CHUNK_COLUMNS + USAGE_COLUMNS + PLAIN_FOLDER_COLUMNS + PLAIN_MESSAGE_COLUMNS + TRACE_COLUMNS;

/** Parameters of `WRITE_AT_ONCE`. */
export function writePlainColumns(to: ParameterWriter, plan: PlainPlan, rows: readonly Numbered[]): void {
  writeBlobs(to, rows);
  writeChunks(to, rows);
  writeUsage(to, plan.accounts);
  writePlainFolders(to, plan.folders);
  writePlainMessages(to, plan);
  writeTrace(to, traceRows(plan.copies, plan.entries, rows));
}
