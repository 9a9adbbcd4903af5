/**
 * The second line of defence of the logs, one level below what is logged: fields that may hold what nobody must read are replaced. The
 * library's own redaction does the same where it is told `*.password`, and takes every object apart for it; lines are logged for every message,
 * so here nothing is copied where there is nothing to hide.
 */
import { pino } from 'pino';

export const CENSORED = '[redacted]';
export const SECRET_FIELDS = ['password', 'token', 'secret', 'authorization', 'cookie'];
const SECRET = new Set(SECRET_FIELDS);

type Fields = Record<string, unknown>;

/** Errors are taken apart first: a copy of one would lose its message. */
function hideIn(value: object): object {
  let hidden: Fields | undefined;
  for (const key in value) {
    if (!SECRET.has(key)) continue;
    hidden ??= value instanceof Error ? { ...pino.stdSerializers.err(value) } : { ...value };
    hidden[key] = CENSORED;
  }
  return hidden ?? value;
}

export function censorBelow(fields: Fields): Fields {
  let censored: Fields | undefined;
  for (const key in fields) {
    const value = fields[key];
    if (typeof value !== 'object' || value === null) continue;
    const shown = hideIn(value);
    if (shown === value) continue;
    censored ??= { ...fields };
    censored[key] = shown;
  }
  return censored ?? fields;
}
