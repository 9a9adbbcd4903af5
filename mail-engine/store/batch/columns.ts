/** Turns a plan into the parameters of the batch's statements: one binary array per column. */
import {
  arrayLiteral,
  boolArray,
  byteaArray,
  int2Array,
  int4Array,
  int8Array,
  textArray,
  timestampArray,
} from '../binary-array.ts';
import type { BatchPlan } from './plan.ts';
import type { Member } from './types.ts';

/** A member that is written, with the ids given to it. */
export interface Numbered {
  member: Member;
  blobId: number;
  queueId: number | null;
}

export function blobColumns(rows: readonly Numbered[]): Buffer[] {
  const facts = rows.map(({ member }) => member.blob.facts);
  return [
    int8Array(rows.map(({ blobId }) => blobId)),
    int8Array(facts.map(({ size }) => size)),
    int4Array(facts.map(({ headSize }) => headSize)),
    byteaArray(facts.map(({ sha256 }) => sha256)),
    byteaArray(facts.map(({ imapEnvelope }) => imapEnvelope)),
    byteaArray(facts.map(({ imapBody }) => imapBody)),
    byteaArray(facts.map(({ bodyStructure }) => bodyStructure)),
    textArray(facts.map(({ structure }) => structure)),
    textArray(facts.map(({ preview }) => preview)),
    int8Array(facts.map(({ threadKey }) => threadKey)),
  ];
}

function chunkColumns(rows: readonly Numbered[]): Buffer[] {
  const chunks = rows.flatMap(({ member, blobId }) => member.blob.chunks.map((data, seq) => ({ blobId, seq, data })));
  return [
    int8Array(chunks.map(({ blobId }) => blobId)),
    int4Array(chunks.map(({ seq }) => seq)),
    byteaArray(chunks.map(({ data }) => data)),
  ];
}

function folderColumns(plan: BatchPlan): Buffer[] {
  const rows = [...plan.folders.values()];
  return [
    int8Array(rows.map(({ folder }) => folder.accountId)),
    int8Array(rows.map(({ folder }) => folder.folderId)),
    int8Array(rows.map(({ uidNext }) => uidNext)),
    int8Array(rows.map(({ modseq }) => modseq)),
    int8Array(rows.map(({ added }) => added.length)),
    int8Array(rows.map(({ unseen }) => unseen)),
    int8Array(rows.map(({ bytes }) => bytes)),
  ];
}

function messageColumns(plan: BatchPlan, blobIds: ReadonlyMap<Member, number>): Buffer[] {
  const rows = plan.copies;
  return [
    int8Array(rows.map(({ folder }) => folder.accountId)),
    int8Array(rows.map(({ folder }) => folder.folderId)),
    int8Array(rows.map(({ uid }) => uid)),
    int8Array(rows.map(({ member }) => blobIds.get(member) ?? null)),
    int8Array(rows.map(({ modseq }) => modseq)),
    byteaArray(rows.map(({ placement }) => placement.prefix)),
    int8Array(rows.map(({ size }) => size)),
    int2Array(rows.map(({ placement }) => placement.flags)),
    textArray(rows.map(({ placement }) => arrayLiteral(placement.keywords))),
    timestampArray(rows.map(({ placement }) => placement.internalDate)),
    int8Array(rows.map(({ member }) => member.blob.facts.threadKey)),
  ];
}

function usageColumns(plan: BatchPlan): Buffer[] {
  const rows = [...plan.accounts];
  return [
    int8Array(rows.map(([accountId]) => accountId)),
    int8Array(rows.map(([, { bytes }]) => bytes)),
    int8Array(rows.map(([, { messages }]) => messages)),
  ];
}

function queueMessageColumns(rows: readonly Numbered[]): Buffer[] {
  const queued = rows.flatMap(({ member, blobId, queueId }) =>
    member.queue && queueId !== null ? [{ queue: member.queue, member, blobId, queueId }] : [],
  );
  return [
    int8Array(queued.map(({ queueId }) => queueId)),
    int8Array(queued.map(({ blobId }) => blobId)),
    byteaArray(queued.map(({ queue }) => queue.prefix)),
    int8Array(queued.map(({ queue, member }) => queue.prefix.length + member.blob.facts.size)),
    textArray(queued.map(({ queue }) => queue.sender)),
    textArray(queued.map(({ queue }) => queue.envId)),
    textArray(queued.map(({ queue }) => queue.ret)),
    boolArray(queued.map(({ queue }) => queue.smtpUtf8)),
    boolArray(queued.map(({ queue }) => queue.eightBit)),
    int8Array(queued.map(({ queue }) => queue.accountId)),
    textArray(queued.map(({ member }) => member.trace?.ref ?? '')),
    timestampArray(queued.map(({ queue }) => queue.expiresAt)),
    timestampArray(queued.map(({ queue }) => queue.notBefore)),
    boolArray(queued.map(({ queue }) => queue.requireTls)),
  ];
}

function queueEntryColumns(plan: BatchPlan, rows: readonly Numbered[]): Buffer[] {
  const entries = rows.flatMap(({ member, queueId }) =>
    (plan.entries.get(member) ?? []).map((entry) => ({ queueId, entry, queue: member.queue })),
  );
  return [
    int8Array(entries.map(({ queueId }) => queueId)),
    textArray(entries.map(({ entry }) => entry.recipient)),
    textArray(entries.map(({ entry }) => entry.destination)),
    textArray(entries.map(({ entry }) => entry.notify)),
    textArray(entries.map(({ entry }) => entry.orcpt)),
    timestampArray(entries.map(({ queue }) => queue?.notBefore ?? null)),
    textArray(entries.map(({ queue }) => queue?.holdReason ?? null)),
  ];
}

interface TraceRow {
  kind: 'stored' | 'queued' | 'submitted';
  trace: NonNullable<Member['trace']>;
  accountId: number | null;
  domainId: number | null;
  recipient: string | null;
}

function traceRows(plan: BatchPlan, rows: readonly Numbered[]): TraceRow[] {
  const found: TraceRow[] = [];
  for (const { member, placement } of plan.copies) {
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
    for (const { recipient } of plan.entries.get(member) ?? []) {
      found.push({ kind: 'queued', trace, accountId, domainId: null, recipient });
    }
  }
  return found;
}

/** One event per copy and queue entry, which also tell that the message was received. */
function traceColumns(plan: BatchPlan, rows: readonly Numbered[]): Buffer[] {
  const events = traceRows(plan, rows);
  return [
    textArray(events.map(({ kind }) => kind)),
    textArray(events.map(({ trace }) => trace.ref)),
    int8Array(events.map(({ accountId }) => accountId)),
    int8Array(events.map(({ domainId }) => domainId)),
    textArray(events.map(({ trace }) => trace.sender)),
    textArray(events.map(({ recipient }) => recipient)),
    textArray(events.map(({ trace }) => trace.peer)),
  ];
}

/** Parameters of `WRITE_BATCH`. Blobs that were streamed are there already. */
export function batchColumns(
  plan: BatchPlan,
  rows: readonly Numbered[],
  blobIds: ReadonlyMap<Member, number>,
): Buffer[] {
  const fresh = rows.filter(({ member }) => member.blob.pendingId === null);
  return [
    ...blobColumns(fresh),
    ...chunkColumns(fresh),
    ...folderColumns(plan),
    ...messageColumns(plan, blobIds),
    ...usageColumns(plan),
    ...traceColumns(plan, rows),
  ];
}

/** Parameters of `WRITE_QUEUE`. */
export function queueColumns(plan: BatchPlan, queued: readonly Numbered[]): Buffer[] {
  return [...queueMessageColumns(queued), ...queueEntryColumns(plan, queued)];
}
