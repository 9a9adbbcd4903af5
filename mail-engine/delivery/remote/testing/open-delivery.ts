/** A RemoteDelivery to scripted servers: hosts by name, all dialled at one port, and a clock that stands still. */
import type { DnsResolver } from '#engine/dns/types.ts';
import { ManualClock } from '#engine/testing/manual-clock.ts';
import { logger } from '#server/logger.ts';
import type { Outcome } from '../../outcome.ts';
import { ConnectionPool } from '../connection-pool.ts';
import { createDial } from '../dial.ts';
import type { TransactionRecipient } from '../envelope-commands.ts';
import { RemoteDelivery, type RemoteDeliveryOptions, type RemoteMessage } from '../remote-delivery.ts';
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
  clock: ManualClock;
  /** Keeps a connection for 10 seconds and three messages. */
  pool: ConnectionPool;
  /** Ends what is under way, the first where the server has not been given the whole message. */
  stop: AbortController;
  cut: AbortController;
  /** Sends `chunks` to one recipient. */
  deliver(chunks: readonly Buffer[], overrides?: Partial<RemoteMessage>): Promise<Outcome>;
  /** Sends `chunks` to `recipients` of the one destination. */
  deliverTo(
    recipients: readonly (string | TransactionRecipient)[],
    chunks: readonly Buffer[],
    overrides?: Partial<RemoteMessage>,
  ): Promise<readonly Outcome[]>;
}

function messageOf(chunks: readonly Buffer[], overrides: Partial<RemoteMessage>): RemoteMessage {
  return {
    ref: 'message',
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
}

export function openDelivery(
  port: number,
  hosts: Record<string, string>,
  overrides: Partial<RemoteDeliveryOptions> = {},
): OpenDelivery {
  const clock = new ManualClock();
  const stop = new AbortController();
  const cut = new AbortController();
  const pool = new ConnectionPool(clock, { idleMs: 10_000, maxMessages: 3, maxIdle: 10 });
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
    log: logger('test'),
    hostname: 'own.test',
    port,
    tls: () => 'opportunistic',
    timeouts: PHASE_TIMEOUTS,
    stop: { stopping: stop.signal, cutting: cut.signal },
    ...overrides,
  });
  const deliverTo: OpenDelivery['deliverTo'] = (recipients, chunks, given = {}) =>
    delivery.deliver(
      'there.test',
      messageOf(chunks, given),
      recipients.map((to) => (typeof to === 'string' ? { address: to, notify: null, orcpt: null } : to)),
    );
  return {
    clock,
    pool,
    stop,
    cut,
    deliverTo,
    deliver: async (chunks, given) => {
      const [outcome] = await deliverTo(['b@there.test'], chunks, given);
      if (!outcome) throw new Error('no outcome');
      return outcome;
    },
  };
}
