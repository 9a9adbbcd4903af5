/** How the queue works: what an admin may change (`server/settings`), asked for anew at each use, and what is fixed. */
import type { TlsPolicy } from '#engine/delivery/remote/session.ts';
import type { Settings } from '#server/settings/create-settings.ts';

export interface QueueSettings {
  /** Age at which the sender is told of a delay, once; null: never. */
  delayNoticeAfterMs: number | null;
  /** Loopback and private addresses from DNS are dialled too. */
  allowPrivateDestinations: boolean;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Seconds from the n-th attempt to the next; the last stands for all further ones. Up to a fifth is added, by message. */
export const RETRY_SECONDS: readonly number[] = [
  5 * MINUTE,
  10 * MINUTE,
  20 * MINUTE,
  40 * MINUTE,
  80 * MINUTE,
  160 * MINUTE,
  4 * HOUR,
];

/** Deliveries at a time, in all and to one destination. */
export const MAX_CONCURRENCY = 50;
export const MAX_PER_DESTINATION = 20;

/** Whoever may be our next hop, mail goes encrypted where it can and in clear where it cannot (RFC 7435). */
export const TLS_POLICY: TlsPolicy = 'opportunistic';

export function readQueueSettings(settings: Pick<Settings, 'get'>): QueueSettings {
  const delayHours = settings.get('queue.delayWarningHours');
  return {
    delayNoticeAfterMs: delayHours === 0 ? null : delayHours * HOUR * 1000,
    allowPrivateDestinations: settings.get('queue.allowPrivateDestinations'),
  };
}
