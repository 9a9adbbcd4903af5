/**
 * How full mailboxes are: moves with every message and without notice, so it is looked at, but for those that were seen with
 * `AMPLE_BYTES` of room a moment ago.
 */
import type { Pool } from 'pg';
import type { DeliveryTarget } from './types.ts';

const MAX_ENTRIES = 50_000;
const AMPLE_BYTES = 256 * 1024 * 1024;
/** How long a mailbox seen with ample room is believed to have some. */
const AMPLE_FOR_MS = 5_000;

const USAGE = 'SELECT account_id, size_bytes FROM account_usage WHERE account_id = ANY ($1::bigint[])';

/** Bytes held now, by account. */
async function readUsage(pool: Pool, accountIds: readonly number[]): Promise<Map<number, number>> {
  const query = { name: 'directory-usage', text: USAGE, values: [accountIds] };
  const { rows } = await pool.query<{ account_id: number; size_bytes: number }>(query);
  return new Map(rows.map((row) => [row.account_id, row.size_bytes]));
}

/** Tells whether none of the targets has room for even an empty message, up to `percent` of its quota. At once where it can. */
type FullTest = (targets: readonly DeliveryTarget[], percent: number) => boolean | Promise<boolean>;

export function createFullTest(pool: Pool, now: () => Date): FullTest {
  // By account, quota and percentage, so that what was lowered is looked at anew.
  const ampleUntil = new Map<string, number>();
  const keyOf = ({ accountId, quotaBytes }: DeliveryTarget, percent: number) => `${accountId}:${quotaBytes}:${percent}`;

  const hasRoom = (target: DeliveryTarget, percent: number, usedBytes: number): boolean => {
    const room = (target.quotaBytes * percent) / 100 - usedBytes;
    if (room >= AMPLE_BYTES) {
      if (ampleUntil.size >= MAX_ENTRIES) ampleUntil.clear();
      ampleUntil.set(keyOf(target, percent), now().getTime() + AMPLE_FOR_MS);
    }
    return room > 0;
  };
  const look = async (targets: readonly DeliveryTarget[], percent: number): Promise<boolean> => {
    const usage = await readUsage(
      pool,
      targets.map((target) => target.accountId),
    );
    return !targets.some((target) => hasRoom(target, percent, usage.get(target.accountId) ?? 0));
  };
  return (targets, percent) => {
    if (targets.some(({ quotaBytes }) => quotaBytes === 0)) return false;
    const at = now().getTime();
    if (targets.some((target) => (ampleUntil.get(keyOf(target, percent)) ?? 0) > at)) return false;
    return look(targets, percent);
  };
}
