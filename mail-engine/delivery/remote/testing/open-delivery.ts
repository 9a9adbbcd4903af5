/** A RemoteDelivery to scripted servers: hosts by name, all dialled at one port, and a clock that stands still. */
import type { DnsResolver } from '#engine/dns/types.ts';
import { ManualClock } from '#engine/testing/manual-clock.ts';
import type { Outcome } from '../../outcome.ts';
import { ConnectionPool } from '../connection-pool.ts';
import { createDial } from '../dial.ts';
import { RemoteDelivery, type RemoteMessage } from '../remote-delivery.ts';
import { PHASE_TIMEOUTS } from '../timeouts.ts';

/** Hosts of the one destination, in order, with an address each. */
function resolverOf(hosts: Record<string, string>): DnsResolver {
  return {
    resolveMx: async () => ({
      kind: 'records',
      records: Object.keys(hosts).map((exchange, preference) => ({ preference, exchange })),
    }),
    resolveAddresses: async (host, family) =>
      family === 4 && hosts[host] ? { kind: 'records', records: [hosts[host]] } : { kind: 'nodata' },
    resolvePointer: async () => ({ kind: 'nodata' }),
    resolveText: async () => ({ kind: 'nodata' }),
    close: () => undefined,
  };
}

export interface OpenDelivery {
  pool: ConnectionPool;
  /** Sends `chunks` to one recipient. */
  deliver(chunks: readonly Buffer[], overrides?: Partial<RemoteMessage>): Promise<Outcome>;
}

export function openDelivery(port: number, hosts: Record<string, string>): OpenDelivery {
  const clock = new ManualClock();
  const pool = new ConnectionPool(clock, { idleMs: 10_000, maxMessages: 100, maxIdle: 10 });
  const delivery = new RemoteDelivery({
    route: () => ({
      resolver: resolverOf(hosts),
      ownHostname: 'own.test',
      isOwnAddress: () => false,
      allowPrivateDestinations: true,
      random: () => 0.5,
    }),
    dial: createDial(clock),
    pool,
    clock,
    hostname: 'own.test',
    port,
    tls: () => 'opportunistic',
    timeouts: PHASE_TIMEOUTS,
    signal: new AbortController().signal,
  });
  return {
    pool,
    deliver: async (chunks, overrides = {}) => {
      const message: RemoteMessage = {
        sender: 'a@sender.test',
        sizeBytes: chunks.reduce((sum, chunk) => sum + chunk.length, 0),
        eightBit: false,
        smtpUtf8: false,
        requireTls: false,
        envId: null,
        ret: null,
        openBody: async function* () {
          yield* chunks;
        },
        ...overrides,
      };
      const recipient = { address: 'b@there.test', notify: null, orcpt: null };
      const [outcome] = await delivery.deliver('there.test', message, [recipient]);
      if (!outcome) throw new Error('no outcome');
      return outcome;
    },
  };
}
