/** Ports of loopback for programs that must be told theirs before they start, and may be started again on it. */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below what systems give to outgoing connections (32768 on Linux, 49152 by RFC 6335 §6), so that none of those takes the port while nobody
 * listens there, and above what services are registered for most.
 */
const FIRST_PORT = 20_000;
const END_PORT = 32_000;
const TRIES = 200;

/** Of this process; two callers must not be told the same before the first one's program listens. */
const given = new Set<number>();

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  } catch {
    return false;
  }
  await new Promise((resolve) => server.close(resolve));
  return true;
}

/** A loopback port nobody listens on now. */
export async function findFreePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries++) {
    const port = randomInt(FIRST_PORT, END_PORT);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error(`found no free port from ${FIRST_PORT} to ${END_PORT - 1}`);
}
