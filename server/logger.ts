/**
 * Every logger of the project. JSON in production, readable in development; `LOG_LEVEL` and `LOG_FORMAT` decide.
 * Never log message content, header values, passwords, tokens or cookies: what may hold them is redacted here as a second line of defence.
 */
import { type Logger, type LoggerOptions, pino } from 'pino';
import { CENSORED, censorBelow, SECRET_FIELDS } from './log-censor.ts';
import { LogGatherer } from './log-gatherer.ts';

export type { Logger } from 'pino';

/**
 * Stdout, gathered. The end of the process writes what is left; `kill -9` loses it. A `minLength` of one byte gathers nothing, and has
 * `flush` wait for what is being written, which it does not where there is none.
 */
function createGatherer(): LogGatherer {
  const destination = pino.destination({ dest: 1, sync: false, minLength: 1 });
  const gatherer = new LogGatherer(destination, pino.destination({ dest: 1, sync: true }));
  process.once('exit', () => gatherer.flushSync());
  return gatherer;
}

function createRoot(): Logger {
  const options: LoggerOptions = {
    level: process.env.LOG_LEVEL ?? (process.env.VITEST ? 'silent' : 'info'),
    redact: { paths: SECRET_FIELDS, censor: CENSORED },
    formatters: { log: censorBelow },
    base: null,
  };
  if (process.env.LOG_FORMAT === 'pretty') {
    const transport = { target: 'pino-pretty', options: { ignore: 'pid,hostname', translateTime: 'HH:MM:ss' } };
    return pino({ ...options, transport });
  }
  return pino(options, createGatherer());
}

const root = createRoot();

/** The logger of one area, e.g. `smtp`. Connection ids go in as a child: `logger('smtp').child({ cid })`. */
export function logger(area: string): Logger {
  return root.child({ area });
}
