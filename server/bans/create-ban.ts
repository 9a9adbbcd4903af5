import { isIPv4 } from 'node:net';
import { z } from 'zod';
import { OperationError } from '../actor/errors.ts';
import { networkInput, parseNetwork } from '../input/network.ts';
import { line } from '../input/text.ts';
import { type Context, defineOperation } from '../operation.ts';
import { type BanRow, type BanView, toBanView } from './ban-view.ts';

const WIDEST = { ipv4: 8, ipv6: 16 } as const;

const input = z.object({
  network: networkInput,
  reason: line(200).default(''),
  /** Null: until lifted. */
  minutes: z
    .number()
    .int()
    .min(1)
    .max(366 * 24 * 60)
    .nullable(),
});

/** A typing error in the length must not shut everybody out. */
function requireNotTooWide(text: string): void {
  const network = parseNetwork(text);
  if (!network || network.prefix >= WIDEST[network.family]) return;
  const message = `This is too much of the Internet: at most /${WIDEST[network.family]}.`;
  throw new OperationError('invalid', message, { network: message });
}

/** Webmail signs in to mail from here. */
async function requireNotLoopback({ db }: Context, network: string): Promise<void> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT WHERE ${network}::inet && '127.0.0.0/8'::inet OR ${network}::inet && '::1'::inet`;
  if (rows.length === 0) return;
  const message = 'This is the host itself: webmail would be locked out.';
  throw new OperationError('conflict', message, { network: message });
}

/** Who asks must not lock themselves out. */
async function requireNotOwn({ db, ip }: Context, network: string): Promise<void> {
  if (ip === undefined || (!isIPv4(ip) && !ip.includes(':'))) return;
  const own = ip.replace(/^::ffff:/i, '').split('%')[0] ?? '';
  const rows = await db.$queryRaw<unknown[]>`SELECT WHERE network(${network}::inet) >>= ${own}::inet`;
  if (rows.length === 0) return;
  const message = 'You are signed in from this network yourself.';
  throw new OperationError('conflict', message, { network: message });
}

/** Bans a network by hand; one that is banned already gets this time and reason. */
export const createBan = defineOperation({
  name: 'bans.create',
  allow: ['admin'],
  kind: 'write',
  input,
  run: async (context, { network, reason, minutes }): Promise<BanView> => {
    requireNotTooWide(network);
    await requireNotLoopback(context, network);
    await requireNotOwn(context, network);
    const { db, actor, now } = context;
    const until = minutes === null ? null : new Date(now().getTime() + minutes * 60_000);
    const rows = await db.$queryRaw<BanRow[]>`
      INSERT INTO sign_in_ban AS b (network, reason, automatic, since, until, banned_by)
      VALUES (network(${network}::inet), ${reason || 'Banned by hand'}, false, ${now()}::timestamptz, ${until}::timestamptz, ${actor.label})
      ON CONFLICT (network) DO UPDATE SET reason = excluded.reason, automatic = false, since = excluded.since,
        until = excluded.until, banned_by = excluded.banned_by, lifted_at = NULL
      RETURNING id, abbrev(network) AS network, reason, automatic, failures, last_login, service, since, until, times, banned_by`;
    const [row] = rows;
    if (!row) throw new OperationError('unavailable', 'The ban could not be kept.');
    return toBanView(row);
  },
  target: (_, { network }) => network,
});
