/**
 * Every logger of the project. JSON in production, readable in development; `LOG_LEVEL` and `LOG_FORMAT` decide.
 * Never log message content, header values, passwords, tokens or cookies: what may hold them is redacted here as a second line of defence.
 */
import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

const REDACT = [
  'password',
  'token',
  'secret',
  'authorization',
  'cookie',
  '*.password',
  '*.token',
  '*.secret',
  '*.authorization',
  '*.cookie',
];

function createRoot(): Logger {
  const pretty = process.env.LOG_FORMAT === 'pretty';
  return pino({
    level: process.env.LOG_LEVEL ?? (process.env.VITEST ? 'silent' : 'info'),
    redact: { paths: REDACT, censor: '[redacted]' },
    base: null,
    ...(pretty && {
      transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname', translateTime: 'HH:MM:ss' } },
    }),
  });
}

const root = createRoot();

/** The logger of one area, e.g. `smtp`. Connection ids go in as a child: `logger('smtp').child({ cid })`. */
export function logger(area: string): Logger {
  return root.child({ area });
}
