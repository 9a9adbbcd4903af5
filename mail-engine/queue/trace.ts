/** Trace events of the queue, in the transaction of what they tell of. */
import type { PoolClient } from 'pg';

export interface TraceEvent {
  kind: 'delivered' | 'deferred' | 'bounced' | 'expired' | 'removed' | 'forwarded';
  ref: string;
  accountId: number | null;
  /** Left out: the account's. */
  domainId?: number | null;
  sender: string;
  recipient: string;
  peer: string | null;
  detail: string;
}

const INSERT = `
INSERT INTO trace (at, kind, ref, account_id, domain_id, sender, recipient, peer, detail)
SELECT $8, t.kind, t.ref, t.account_id, coalesce(t.domain_id, a.domain_id), t.sender, t.recipient, t.peer, t.detail
FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $9::bigint[])
  AS t (kind, ref, account_id, sender, recipient, peer, detail, domain_id)
LEFT JOIN account a ON a.id = t.account_id`;

export async function insertTraces(client: PoolClient, events: readonly TraceEvent[], now: Date): Promise<void> {
  if (events.length === 0) return;
  await client.query(INSERT, [
    events.map(({ kind }) => kind),
    events.map(({ ref }) => ref),
    events.map(({ accountId }) => accountId),
    events.map(({ sender }) => sender),
    events.map(({ recipient }) => recipient),
    events.map(({ peer }) => peer),
    events.map(({ detail }) => detail),
    now,
    events.map(({ domainId }) => domainId ?? null),
  ]);
}
