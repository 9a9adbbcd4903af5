import type { Logger } from '#server/logger.ts';
import { deferred, type Outcome } from './outcome.ts';

/** What a fault of ours makes of the recipients it was in the way of: they are tried again, and the log has the cause. */
export function deferFault(log: Logger, queueRef: string, error: unknown): Outcome {
  log.error({ queue: queueRef, err: error }, 'delivery failed unexpectedly');
  return deferred('4.3.0', 'internal error, see the log');
}
