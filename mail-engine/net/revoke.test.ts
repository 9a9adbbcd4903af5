import { afterEach, beforeAll, expect, test } from 'vitest';
import { logger } from '#server/logger.ts';
import { type ListenerDeps, listen } from './listener.ts';
import { gateOf } from './testing/gate.ts';
import { LineClient } from './testing/line-client.ts';
import { createTestTls } from './testing/test-tls.ts';
import type { TlsProvider } from './tls-provider.ts';
import { type Connection, ConnectionError, type Listener, type ServiceHandler } from './types.ts';

let tls: TlsProvider;
const listeners: Listener[] = [];
const clients: LineClient[] = [];
beforeAll(async () => {
  tls = await createTestTls();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.cut();
  for (const listener of listeners.splice(0)) await listener.close(1_000);
});

async function connectTo(handler: ServiceHandler, deps: Partial<ListenerDeps> = {}): Promise<LineClient> {
  const limits = { gate: gateOf({ maxConnections: 10 }), busyLine: '421 busy' };
  const options = { service: 'test', bind: ['127.0.0.1'], port: 0, implicitTls: false, handler, ...limits };
  const listener = await listen(options, { tls, log: logger('net'), lingerMs: 200, ...deps });
  listeners.push(listener);
  const client = await LineClient.connect(listener.port);
  clients.push(client);
  return client;
}

/** Says what the read was refused with. */
async function sayGoodbye(connection: Connection, read: Promise<unknown>): Promise<void> {
  const code = await read.then(
    () => 'nothing',
    (error: unknown) => (error instanceof ConnectionError ? error.code : String(error)),
  );
  await connection.write(`goodbye: ${code}\r\n`);
}

const NEVER = new AbortController().signal;

test.each([
  ['a line', async (connection: Connection) => connection.readLine(100, 60_000)],
  ['a number of bytes', async (connection: Connection) => connection.readExactly(100, 60_000)],
  ['some bytes', async (connection: Connection) => connection.readSome(100, 60_000)],
  ['any input', (connection: Connection) => connection.waitForInput(60_000, NEVER)],
])('a revoked connection that waits for %s stops waiting', async (_, read) => {
  const client = await connectTo(async (connection) => {
    const reading = read(connection);
    setImmediate(() => connection.revoke());
    await sayGoodbye(connection, reading);
  });
  expect(await client.rest()).toBe('goodbye: revoked\r\n');
});

test('what was received before is not served after', async () => {
  const client = await connectTo(async (connection) => {
    const first = await connection.readLine(100, 60_000);
    const isPipelined = connection.buffered > 0;
    connection.revoke();
    await connection.write(`${first.toString().trim()} ${isPipelined}\r\n`);
    const read = async () => connection.readLine(100, 60_000);
    await sayGoodbye(connection, read());
  });
  client.send('one\r\ntwo\r\n');
  expect(await client.rest()).toBe('one true\r\ngoodbye: revoked\r\n');
});

test('one that is busy for too long is cut', async () => {
  const cut = Promise.withResolvers<unknown>();
  const client = await connectTo(
    async (connection) => {
      connection.revoke();
      // More than any buffer on the way holds, to a peer that reads nothing.
      const chunk = Buffer.alloc(1024 * 1024);
      for (;;) {
        try {
          await connection.write(chunk);
        } catch (error) {
          cut.resolve(error);
          throw error;
        }
      }
    },
    { revokedGraceMs: 50 },
  );
  client.socket.pause();
  expect(await cut.promise).toMatchObject({ code: 'closed' });
});
