/**
 * When the process ends: asked by a signal or by its supervisor's end, in order and within `LONGEST_STOP_MS`; by a fault nobody
 * handled, at once and with an error code, so that it is started afresh. Nothing acknowledged is lost either way.
 */
import type { Logger } from '#server/logger.ts';

const LONGEST_STOP_MS = 9_000;

export function stopOnRequest(stop: () => Promise<void>, log: Logger): void {
  let stopping = false;
  const begin = (reason: string) => {
    if (stopping) return;
    stopping = true;
    log.info({ reason }, 'engine stopping');
    setTimeout(() => {
      log.error('engine did not stop in time');
      process.exit(1);
    }, LONGEST_STOP_MS).unref();
    void stop().then(() => {
      log.info('engine stopped');
      process.exit(0);
    });
  };
  process.on('SIGTERM', () => begin('SIGTERM'));
  process.on('SIGINT', () => begin('SIGINT'));
  if (process.send) process.on('disconnect', () => begin('the supervisor ended'));
}

export function exitOnFault(log: Logger): void {
  const die = (error: unknown) => {
    log.fatal({ err: error }, 'unhandled fault');
    process.exit(1);
  };
  process.on('unhandledRejection', die);
  process.on('uncaughtException', die);
}
