/**
 * Bans in memory, for the listener: every connection asks, none waits. Read anew whenever the database says that one changed; while
 * the listening connection is down the last known bans hold, and end when their time is over.
 */
import type { Pool } from 'pg';
import type { AccessPolicy, AccessService } from '../access-rules/types.ts';
import { addressOf } from '../auth/network.ts';
import { DIRECTORY_CHANNEL } from '../database/channels.ts';
import { createListener } from '../database/listener.ts';
import { parseNetwork } from '../input/network.ts';
import { logger } from '../logger.ts';
import { createNetworkTable, type NetworkTable } from './network-table.ts';

const log = logger('bans');
/** More than this are not kept in memory; the authenticator still refuses them. */
const MAX_BANS = 200_000;

export interface BanList {
  isBanned(address: string): boolean;
  close(): Promise<void>;
}

interface Row {
  network: string;
  /** Ms of the epoch; null: until lifted. */
  until: number | null;
}

interface Loaded {
  bans: NetworkTable<number>;
  allowed: NetworkTable<true>;
}

const BANS = `SELECT network::text AS network, (extract(epoch FROM until) * 1000)::float8 AS until FROM sign_in_ban
  WHERE lifted_at IS NULL AND (until IS NULL OR until > $1) ORDER BY since DESC LIMIT ${MAX_BANS}`;
const ALLOWED = 'SELECT network::text AS network FROM allowed_network';

async function load(pool: Pool, now: Date): Promise<Loaded> {
  const [bans, allowed] = await Promise.all([pool.query<Row>(BANS, [now]), pool.query<Row>(ALLOWED)]);
  const entriesOf = <Value>(rows: readonly Row[], toValue: (row: Row) => Value) =>
    rows.flatMap((row): [NonNullable<ReturnType<typeof parseNetwork>>, Value][] => {
      const network = parseNetwork(row.network);
      return network ? [[network, toValue(row)]] : [];
    });
  return {
    bans: createNetworkTable(entriesOf(bans.rows, ({ until }) => until ?? Number.POSITIVE_INFINITY)),
    allowed: createNetworkTable(entriesOf(allowed.rows, () => true as const)),
  };
}

export interface BanListOptions {
  pool: Pool;
  /** For LISTEN: a direct connection to the database. */
  listenUrl: string;
  now: () => Date;
}

/** Fails when the bans cannot be read at first. */
export async function createBanList({ pool, listenUrl, now }: BanListOptions): Promise<BanList> {
  let loaded = await load(pool, now());
  let loading = false;
  let again = false;

  /** One look at a time: however many bans are made meanwhile, one more look sees them all. */
  const reload = async (): Promise<void> => {
    again = true;
    if (loading) return;
    loading = true;
    while (again) {
      again = false;
      try {
        loaded = await load(pool, now());
      } catch (error) {
        log.warn({ err: (error as Error).message }, 'bans could not be read, keeping the last known');
      }
    }
    loading = false;
  };
  const listener = await createListener({
    url: listenUrl,
    channel: DIRECTORY_CHANNEL,
    onNotify: (table) => {
      if (table === 'sign_in_ban' || table === 'allowed_network') void reload();
    },
    onUp: () => void reload(),
    onDown: () => undefined,
  });
  return {
    isBanned: (peer) => {
      const address = addressOf(peer);
      if (address === null || !loaded.bans.some(address, (until) => until > now().getTime())) return false;
      return !loaded.allowed.some(address, () => true);
    },
    close: () => listener.close(),
  };
}

/** Mail must still come in from a banned network: there is nothing to sign in to. */
const SIGN_IN_SERVICES: ReadonlySet<AccessService> = new Set(['submission', 'imap', 'pop3']);

/** What the rules say, but that a banned network gets no connection to where people sign in. */
export function withBans(policy: AccessPolicy, bans: Pick<BanList, 'isBanned'>): AccessPolicy {
  return {
    decide: (service, client) => {
      if (!SIGN_IN_SERVICES.has(service) || !bans.isBanned(client.address)) return policy.decide(service, client);
      return { allow: false, rule: 'banned', variables: new Map() };
    },
  };
}
