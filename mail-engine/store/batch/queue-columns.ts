/** Writes the queue rows of a batch as the parameters of `WRITE_QUEUE`: one array per column. */
import type { Numbered } from './columns.ts';
import type { ParameterWriter } from './parameter-writer.ts';
import type { BatchPlan } from './plan.ts';

const MESSAGE_COLUMNS = 14;

function writeQueueMessages(to: ParameterWriter, rows: readonly Numbered[]): void {
  const queued = rows.flatMap(({ member, blobId, queueId }) =>
    member.queue && queueId !== null ? [{ queue: member.queue, member, blobId, queueId }] : [],
  );
  to.int8s(queued, ({ queueId }) => queueId);
  to.int8s(queued, ({ blobId }) => blobId);
  to.utf8Byteas(queued, ({ queue }) => queue.prefix);
  to.int8s(queued, ({ queue, member }) => Buffer.byteLength(queue.prefix) + member.blob.facts.size);
  to.texts(queued, ({ queue }) => queue.sender);
  to.texts(queued, ({ queue }) => queue.envId);
  to.texts(queued, ({ queue }) => queue.ret);
  to.bools(queued, ({ queue }) => queue.smtpUtf8);
  to.bools(queued, ({ queue }) => queue.eightBit);
  to.int8s(queued, ({ queue }) => queue.accountId);
  to.texts(queued, ({ member }) => member.trace?.ref ?? '');
  to.timestamps(queued, ({ queue }) => queue.expiresAt);
  to.timestamps(queued, ({ queue }) => queue.notBefore);
  to.bools(queued, ({ queue }) => queue.requireTls);
}

const ENTRY_COLUMNS = 7;

function writeQueueEntries(to: ParameterWriter, planned: BatchPlan['entries'], rows: readonly Numbered[]): void {
  const entries = rows.flatMap(({ member, queueId }) =>
    (planned.get(member) ?? []).map((entry) => ({ queueId, entry, queue: member.queue })),
  );
  to.int8s(entries, ({ queueId }) => queueId);
  to.texts(entries, ({ entry }) => entry.recipient);
  to.texts(entries, ({ entry }) => entry.destination);
  to.texts(entries, ({ entry }) => entry.notify);
  to.texts(entries, ({ entry }) => entry.orcpt);
  to.timestamps(entries, ({ queue }) => queue?.notBefore ?? null);
  to.texts(entries, ({ queue }) => queue?.holdReason ?? null);
}

export const QUEUE_COLUMNS = MESSAGE_COLUMNS + ENTRY_COLUMNS;

export function writeQueueColumns(
  to: ParameterWriter,
  planned: BatchPlan['entries'],
  queued: readonly Numbered[],
): void {
  writeQueueMessages(to, queued);
  writeQueueEntries(to, planned, queued);
}
