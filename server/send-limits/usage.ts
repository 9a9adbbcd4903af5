/**
 * What one scope sent lately, in a ring of buckets: five minutes each for the hour, an hour each for the day. A sum takes the
 * bucket under way and all full ones of the window, so it covers the window and at most one bucket more: never does more than the
 * limit leave within any 60 minutes or any 24 hours, and what was sent counts for up to five minutes, or an hour, too long.
 *
 * Time never runs backwards here: a node whose clock is behind counts at the latest time counted at.
 */
import { z } from 'zod';
import type { Measure } from './measures.ts';

const MINUTES = { bucketMs: 5 * 60_000, buckets: 13 };
const HOURS = { bucketMs: 3_600_000, buckets: 25 };

/** What is kept longer than it counts. */
export const USAGE_MS = HOURS.bucketMs * HOURS.buckets;

const RINGS = {
  messagesPerHour: MINUTES,
  recipientsPerHour: MINUTES,
  messagesPerDay: HOURS,
  recipientsPerDay: HOURS,
  firstTimePerDay: HOURS,
} as const satisfies Record<Measure, typeof MINUTES>;

/** Newest first; what is missing at the end is 0. */
type Buckets = Readonly<Record<Measure, readonly number[]>>;

export interface Usage {
  countedAt: Date;
  buckets: Buckets;
}

export interface Sending {
  messages: number;
  recipients: number;
  firstTime: number;
}

const ring = z.array(z.number().int().nonnegative()).max(HOURS.buckets).catch([]);
const stored = z
  .object({
    messagesPerHour: ring,
    messagesPerDay: ring,
    recipientsPerHour: ring,
    recipientsPerDay: ring,
    firstTimePerDay: ring,
  })
  .catch({ messagesPerHour: [], messagesPerDay: [], recipientsPerHour: [], recipientsPerDay: [], firstTimePerDay: [] });

export function parseUsage(countedAt: Date, buckets: unknown): Usage {
  return { countedAt, buckets: stored.parse(buckets) };
}

export function noUsage(now: Date): Usage {
  return parseUsage(now, {});
}

function mapMeasures(map: (measure: Measure) => readonly number[]): Buckets {
  return {
    messagesPerHour: map('messagesPerHour'),
    messagesPerDay: map('messagesPerDay'),
    recipientsPerHour: map('recipientsPerHour'),
    recipientsPerDay: map('recipientsPerDay'),
    firstTimePerDay: map('firstTimePerDay'),
  };
}

/** The same usage as it counts at `now`: buckets moved on, those too old gone. */
export function advance(usage: Usage, now: Date): Usage {
  const to = new Date(Math.max(now.getTime(), usage.countedAt.getTime()));
  const buckets = mapMeasures((measure) => {
    const { bucketMs, buckets: count } = RINGS[measure];
    const passed = Math.floor(to.getTime() / bucketMs) - Math.floor(usage.countedAt.getTime() / bucketMs);
    const fresh = Array.from({ length: Math.min(passed, count) }, () => 0);
    return [...fresh, ...usage.buckets[measure]].slice(0, count);
  });
  return { countedAt: to, buckets };
}

/** Of a usage advanced to now. */
export function sumOf({ buckets }: Usage, measure: Measure): number {
  return buckets[measure].reduce((sum, count) => sum + count, 0);
}

export function amountOf({ messages, recipients, firstTime }: Sending, measure: Measure): number {
  if (measure === 'firstTimePerDay') return firstTime;
  return measure === 'messagesPerHour' || measure === 'messagesPerDay' ? messages : recipients;
}

/** Adds to a usage advanced to now. */
export function add(usage: Usage, sending: Sending): Usage {
  const buckets = mapMeasures((measure) => {
    const [newest = 0, ...older] = usage.buckets[measure];
    return [newest + amountOf(sending, measure), ...older];
  });
  return { ...usage, buckets };
}
