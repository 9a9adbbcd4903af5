/**
 * Connections for hand-written SQL. bigint comes back as a number: every bigint of ours counts or names things well below
 * 2^53, and one beyond it throws rather than being rounded.
 */
import { Pool, type PoolConfig, types } from 'pg';
import { logger } from '../logger.ts';

const log = logger('database');

function parseBigint(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('bigint out of the safe range');
  return value;
}

const OID_INT8 = 20;
const OID_INT8_ARRAY = 1016;
const parseInt8Array = types.getTypeParser(OID_INT8_ARRAY as number as Parameters<typeof types.getTypeParser>[0]) as (
  text: string,
) => string[];

const customTypes: NonNullable<PoolConfig['types']> = {
  getTypeParser: (oid: number, format?: string) => {
    if (format !== 'binary' && oid === OID_INT8) return parseBigint;
    if (format !== 'binary' && oid === OID_INT8_ARRAY) return (text: string) => parseInt8Array(text).map(parseBigint);
    return types.getTypeParser(oid, format as 'text');
  },
};

/**
 * A server that vanished without a word is noticed by the system within half a minute: an idle connection would look alive for ever.
 */
export const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelayMillis: 10_000 };

/**
 * A pool whose clients' errors (the server stopped, a backend was terminated) are logged: idle ones are replaced, those in use fail
 * their query, which tells their user. Without a listener on the client itself the second kind would end the process.
 */
export function createPool(config: PoolConfig): Pool {
  const pool = new Pool({ ...KEEP_ALIVE, ...config, types: customTypes });
  pool.on('error', (error) => log.warn({ err: error.message }, 'idle database connection lost'));
  pool.on('connect', (client) => {
    client.on('error', (error) => log.debug({ err: error.message }, 'database connection lost'));
  });
  return pool;
}
