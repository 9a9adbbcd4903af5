import { z } from 'zod';
import type { ListResult } from '../input/list.ts';
import { defineOperation } from '../operation.ts';
import { requireScope } from '../send-limits/require-scope.ts';
import { heldIdInput, heldOf } from './held-id.ts';

export interface HeldMessageView {
  id: string;
  sender: string;
  /** The first few, and how many there are. */
  recipients: string[];
  recipientCount: number;
  sizeBytes: number;
  createdAt: string;
}

interface Row {
  id: bigint;
  sender: string;
  recipients: string[];
  recipient_count: bigint;
  size: bigint;
  created_at: Date;
  total: bigint;
}

const SHOWN_RECIPIENTS = 5;

/** The held messages of one mailbox or domain, latest first: from and to whom. Subjects and contents are the sender's own. */
export const listHeldMessages = defineOperation({
  name: 'heldMail.listMessages',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'read',
  input: z.object({
    id: heldIdInput,
    page: z.number().int().min(1).max(100_000).default(1),
    pageSize: z.number().int().min(1).max(200).default(25),
  }),
  run: async (context, { id, page, pageSize }): Promise<ListResult<HeldMessageView>> => {
    await requireScope(context, id.kind, id.id);
    const rows = await context.db.$queryRaw<Row[]>`
      SELECT m.id, m.sender, m.size, m.created_at, count(*) AS recipient_count,
        (array_agg(e.recipient ORDER BY e.id))[1:${SHOWN_RECIPIENTS}::int] AS recipients, count(*) OVER () AS total
      FROM queue_message m JOIN queue_entry e ON e.message_id = m.id
      WHERE ${heldOf([id])}
      GROUP BY m.id ORDER BY m.created_at DESC, m.id DESC LIMIT ${pageSize} OFFSET ${(page - 1) * pageSize}`;
    const views = rows.map((row) => ({
      id: String(row.id),
      sender: row.sender,
      recipients: row.recipients,
      recipientCount: Number(row.recipient_count),
      sizeBytes: Number(row.size),
      createdAt: row.created_at.toISOString(),
    }));
    return { rows: views, total: Number(rows[0]?.total ?? 0) };
  },
});
