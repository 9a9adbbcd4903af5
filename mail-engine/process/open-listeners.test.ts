import { createServer, type Server } from 'node:net';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { createTestTls } from '#engine/net/testing/test-tls.ts';
import type { TlsProvider } from '#engine/net/tls-provider.ts';
import type { Listener } from '#engine/net/types.ts';
import type { Service } from '#server/config.ts';
import { logger } from '#server/logger.ts';
import { createConnectionPolicy } from './connection-policy.ts';
import { openListeners, SERVICES } from './open-listeners.ts';

let tls: TlsProvider;
const taken: Server[] = [];
const open: Listener[] = [];

beforeAll(async () => {
  tls = await createTestTls();
});
afterEach(async () => {
  for (const listener of open.splice(0)) await listener.close(0);
  for (const server of taken.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function takePort(): Promise<number> {
  const server = createServer();
  taken.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as { port: number }).port;
}

const handlerOf = () => async () => undefined;

async function openWith(ports: Partial<Record<Service, number | 'off'>>) {
  const all = Object.fromEntries(SERVICES.map((service) => [service, ports[service] ?? 'off'])) as Record<
    Service,
    number | 'off'
  >;
  const found = await openListeners({
    bind: ['127.0.0.1'],
    lmtpBind: ['127.0.0.1'],
    ports: all,
    policy: createConnectionPolicy(),
    ready: Promise.resolve(),
    tls,
    log: logger('test'),
    handlerOf,
  });
  open.push(...found.values());
  return found;
}

test('opens what is configured and nothing that is off', async () => {
  const found = await openWith({ smtp: 0, imaps: 0 });
  expect([...found.keys()]).toEqual(['smtp', 'imaps']);
  expect(found.get('smtp')?.limit).toBe(200);
});

test('a configured port that is taken is named with its service and variable, and nothing stays bound', async () => {
  const port = await takePort();
  const free = await takePort();
  await new Promise((resolve) => taken.pop()?.close(resolve));
  await expect(openWith({ smtp: free, pop3s: port })).rejects.toThrow(
    `Port ${port} for pop3s cannot be used: another program has it. Choose another in MAILSTEAD_POP3S_PORT.`,
  );
  expect((await openWith({ smtp: free })).get('smtp')?.port).toBe(free);
});
