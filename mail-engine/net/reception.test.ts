import { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { AccessClient, AccessPolicy } from '#server/access-rules/types.ts';
import { createNetworkSet } from '#server/input/network.ts';
import { logger } from '#server/logger.ts';
import { type ListenerDeps, listen } from './listener.ts';
import { gateOf } from './testing/gate.ts';
import { LineClient } from './testing/line-client.ts';
import { createTestTls } from './testing/test-tls.ts';
import type { TlsProvider } from './tls-provider.ts';
import type { Connection, Listener, ListenerOptions } from './types.ts';

let tls: TlsProvider;
const open: Listener[] = [];
const clients: LineClient[] = [];
beforeAll(async () => {
  tls = await createTestTls();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.cut();
  for (const listener of open.splice(0)) await listener.close(1_000);
});

/** Greets with what it sees of the client, then echoes a line. */
async function greet(connection: Connection): Promise<void> {
  const { peer, local, peerName, access } = connection;
  const variables = [...access.variables].map(([name, value]) => `${name}=${value}`).join();
  await connection.write(`${peer.address} ${peer.port} ${local.port} ${peerName} ${access.rule} ${variables}\r\n`);
  for (;;) {
    const line = await connection.readLine(1000, 20_000);
    if (String(line) === 'quit\r\n') return;
    await connection.write(line);
  }
}

async function serve(options: Partial<ListenerOptions>, deps: Partial<ListenerDeps> = {}): Promise<Listener> {
  const all: ListenerOptions = {
    service: 'smtp',
    bind: ['127.0.0.1'],
    port: 0,
    implicitTls: false,
    gate: gateOf({}),
    busyLine: '421 busy',
    handler: greet,
    ...options,
  };
  const listener = await listen(all, { tls, log: logger('net'), ...deps });
  open.push(listener);
  return listener;
}

async function connect(listener: Listener): Promise<LineClient> {
  const client = await LineClient.connect(listener.port);
  clients.push(client);
  return client;
}

/** A client that a balancer says is at `address`. */
async function connectFrom(listener: Listener, address: string): Promise<LineClient> {
  const client = await connect(listener);
  client.send(`PROXY TCP4 ${address} 198.51.100.9 50000 25\r\n`);
  return client;
}

const proxies = createNetworkSet(['127.0.0.1']);

function rules(decide: (client: AccessClient) => boolean): AccessPolicy & { asked: AccessClient[] } {
  const asked: AccessClient[] = [];
  return {
    asked,
    decide: (service, client) => {
      asked.push(client);
      return { allow: decide(client), rule: client.address, variables: new Map([['SERVICE', service]]) };
    },
  };
}

describe('access rules', () => {
  test('who is denied is closed without a word and takes no place; who is allowed has its variables', async () => {
    const access = rules(({ address }) => address !== '192.0.2.1');
    const gate = gateOf({ maxConnections: 1 });
    const listener = await serve({ gate, policy: { access, proxies } });
    expect(await (await connectFrom(listener, '192.0.2.1')).rest()).toBe('');
    const client = await connectFrom(listener, '192.0.2.2');
    expect(await client.line()).toBe('192.0.2.2 50000 25 null 192.0.2.2 SERVICE=smtp');
    expect(gate.snapshot).toMatchObject({ open: 1, refused: { denied: 1 } });
    expect(access.asked).toEqual([
      { address: '192.0.2.1', hostname: null },
      { address: '192.0.2.2', hostname: null },
    ]);
  });

  test('a name is looked up first where names are wanted, and goes to the rules and the service', async () => {
    const access = rules(({ hostname }) => hostname !== 'bad.example');
    const names: Record<string, string> = { '192.0.2.1': 'bad.example', '192.0.2.2': 'good.example' };
    const gate = gateOf({});
    const lookUpName = async (address: string) => names[address] ?? null;
    const listener = await serve({ gate, policy: { access, proxies, lookUpName } });
    expect(await (await connectFrom(listener, '192.0.2.1')).rest()).toBe('');
    expect(await (await connectFrom(listener, '192.0.2.2')).line()).toContain(' good.example 192.0.2.2 ');
    expect(await (await connectFrom(listener, '192.0.2.3')).line()).toContain(' null 192.0.2.3 ');
    expect(gate.snapshot.refused).toEqual({ denied: 1 });
  });
});

describe('PROXY protocol', () => {
  test("the client's address counts for limits, and what follows the header is the client's", async () => {
    const gate = gateOf({ maxPerAddress: 1 });
    const listener = await serve({ gate, policy: { proxies } });
    const client = await connect(listener);
    client.send('PROXY TCP6 ::FFFF:192.0.2.1 2001:db8::2 1234 25\r\nhello\r\n');
    expect(await client.line()).toMatch(/^192\.0\.2\.1 1234 25 /);
    expect(await client.line()).toBe('hello');
    expect(await (await connectFrom(listener, '192.0.2.1')).rest()).toBe('421 busy\r\n');
    expect(await (await connectFrom(listener, '192.0.2.2')).line()).toMatch(/^192\.0\.2\.2 /);
  });

  test('version 2, byte by byte', async () => {
    const listener = await serve({ policy: { proxies } });
    const client = await connect(listener);
    const header = Buffer.from('0d0a0d0a000d0a515549540a2111000cc0000201c6336401c3500019', 'hex');
    for (const byte of header) {
      client.send(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    client.send('hello\r\n');
    expect(await client.line()).toMatch(/^192\.0\.2\.1 50000 25 /);
    expect(await client.line()).toBe('hello');
  });

  test('LOCAL is the balancer itself', async () => {
    const listener = await serve({ policy: { proxies } });
    const client = await connect(listener);
    client.send(Buffer.from('0d0a0d0a000d0a515549540a20000000', 'hex'));
    expect(await client.line()).toMatch(/^127\.0\.0\.1 /);
  });

  test('comes before the handshake of implicit TLS', async () => {
    const listener = await serve({ implicitTls: true, policy: { proxies } });
    const client = await connectFrom(listener, '192.0.2.1');
    await client.startTls();
    expect(await client.line()).toMatch(/^192\.0\.2\.1 50000 25 /);
  });

  test('comes in one packet with the handshake', async () => {
    const listener = await serve({ implicitTls: true, policy: { proxies } });
    const { socket } = await connect(listener);
    socket.removeAllListeners('data');
    let header = 'PROXY TCP4 192.0.2.1 198.51.100.9 50000 25\r\n';
    const prefixed = new Duplex({
      read: () => undefined,
      write: (chunk: Buffer, _encoding, done) => {
        socket.write(Buffer.concat([Buffer.from(header), chunk]), done);
        header = '';
      },
    });
    socket.on('data', (chunk) => prefixed.push(chunk));
    const secure = connectTls({ socket: prefixed, rejectUnauthorized: false });
    const greeting = Promise.withResolvers<string>();
    secure.once('data', (chunk) => greeting.resolve(String(chunk)));
    secure.once('error', greeting.reject);
    expect(await greeting.promise).toMatch(/^192\.0\.2\.1 50000 25 /);
    secure.destroy();
  });

  test.each(['EHLO example.com\r\n', 'PROXY TCP4 nonsense\r\n', '\r\n\r\n?'])(
    'is required of a balancer: %j is closed without a word',
    async (said) => {
      const gate = gateOf({});
      const listener = await serve({ gate, policy: { proxies } });
      const client = await connect(listener);
      client.send(said);
      expect(await client.rest()).toBe('');
      expect(gate.snapshot).toMatchObject({ open: 0, refused: { 'proxy-header': 1 } });
    },
  );

  test('a balancer that says nothing, half a header, or closes costs nothing after the deadline', async () => {
    const gate = gateOf({});
    const listener = await serve({ gate, policy: { proxies } }, { proxyHeaderMs: 20 });
    const [silent, half, gone] = [await connect(listener), await connect(listener), await connect(listener)];
    half.send('PROXY TCP4 192.0.2.1');
    gone.finish();
    for (const client of [silent, half, gone]) expect(await client.rest()).toBe('');
    expect(gate.snapshot.refused).toEqual({ 'proxy-header': 3 });
  });

  test('from anybody else the header is what the client said', async () => {
    const listener = await serve({ policy: { proxies: createNetworkSet(['192.0.2.0/24']) } });
    const client = await connectFrom(listener, '192.0.2.1');
    expect(await client.line()).toMatch(/^127\.0\.0\.1 /);
    expect(await client.line()).toBe('PROXY TCP4 192.0.2.1 198.51.100.9 50000 25');
  });
});

describe('a full service', () => {
  const full = { maxConnections: 1, maxPerAddress: 1, whenFull: 'wait', maxWaiting: 1 } as const;

  test('clients wait for their turn without a word, then are served', async () => {
    const gate = gateOf(full);
    const listener = await serve({ gate, policy: { proxies } });
    const first = await connectFrom(listener, '192.0.2.1');
    await first.line();
    const second = await connectFrom(listener, '192.0.2.2');
    second.send('early\r\n');
    await vi.waitFor(() => expect(gate.snapshot.waiting).toBe(1), { timeout: 20_000 });
    // Over a limit of its own, and one more than may wait: told at once, ahead of who waits.
    expect(await (await connectFrom(listener, '192.0.2.1')).rest()).toBe('421 busy\r\n');
    expect(await (await connectFrom(listener, '192.0.2.3')).rest()).toBe('421 busy\r\n');
    expect(gate.snapshot.refused).toEqual({ 'address-full': 1, 'service-full': 1 });
    first.send('quit\r\n');
    expect(await second.line()).toMatch(/^192\.0\.2\.2 /);
    expect(await second.line()).toBe('early');
  });

  test('a client of implicit TLS that waited is served from the handshake on', async () => {
    const gate = gateOf(full);
    const listener = await serve({ gate, implicitTls: true });
    const first = await LineClient.connect(listener.port, { tls: true });
    clients.push(first);
    await first.line();
    const second = LineClient.connect(listener.port, { tls: true });
    await vi.waitFor(() => expect(gate.snapshot.waiting).toBe(1), { timeout: 20_000 });
    first.send('quit\r\n');
    const served = await second;
    clients.push(served);
    expect(await served.line()).toMatch(/^127\.0\.0\.1 /);
  });

  test('closing the listener cuts who waits', async () => {
    const gate = gateOf(full);
    const listener = await serve({ gate });
    await (await connect(listener)).line();
    const second = await connect(listener);
    await vi.waitFor(() => expect(gate.snapshot.waiting).toBe(1), { timeout: 20_000 });
    const closed = listener.close(10);
    expect(await second.rest()).toBe('');
    await closed;
    expect(gate.snapshot).toMatchObject({ open: 0, waiting: 0 });
  });
});

describe('before the service is ready', () => {
  test('clients are held unanswered, and decided on when it is', async () => {
    const ready = Promise.withResolvers<void>();
    const decide = vi.fn(() => true);
    const listener = await serve({ ready: ready.promise, policy: { access: rules(decide) } });
    const client = await connect(listener);
    client.send('early\r\n');
    expect(decide).not.toHaveBeenCalled();
    ready.resolve();
    expect(await client.line()).toMatch(/^127\.0\.0\.1 /);
    expect(await client.line()).toBe('early');
  });
});

describe('greet delay', () => {
  const policy = (greetDelayMs: number, variables: Record<string, string> = {}) => ({
    proxies,
    greetDelayMs,
    access: { decide: () => ({ allow: true, rule: '', variables: new Map(Object.entries(variables)) }) },
  });
  const LONG_MS = 60_000;

  test('a client that talks before the greeting is refused with 554 and counted', async () => {
    const gate = gateOf({});
    const listener = await serve({ gate, delaysGreeting: true, policy: policy(LONG_MS) });
    const client = await connectFrom(listener, '192.0.2.1');
    client.send('EHLO robot.example\r\n');
    expect(await client.rest()).toBe('554 5.5.1 Protocol error: you spoke before the greeting\r\n');
    expect(gate.snapshot.refused).toEqual({ 'early-talker': 1 });
  });

  test('a client that keeps silent is greeted', async () => {
    const listener = await serve({ delaysGreeting: true, policy: policy(20) });
    const client = await connectFrom(listener, '192.0.2.1');
    expect(await client.line()).toMatch(/^192\.0\.2\.1 /);
  });

  test.each([
    ['whom a rule lets relay', '192.0.2.1', { RELAYCLIENT: '' }],
    ['whom a rule gives no delay', '192.0.2.1', { GREETDELAY: '0' }],
    ['on our own machine', '127.0.0.5', {}],
  ])('a client %s is greeted at once', async (_name, address, variables) => {
    const listener = await serve({
      delaysGreeting: true,
      policy: policy(LONG_MS, variables as Record<string, string>),
    });
    const client = await connectFrom(listener, address);
    client.send('hello\r\n');
    expect(await client.line()).toContain(address);
    expect(await client.line()).toBe('hello');
  });

  test('a rule may ask for a delay where the setting has none', async () => {
    const listener = await serve({ delaysGreeting: true, policy: policy(0, { GREETDELAY: '60' }) });
    const client = await connectFrom(listener, '192.0.2.1');
    client.send('EHLO robot.example\r\n');
    expect(await client.rest()).toMatch(/^554 /);
  });

  test('services that are not to be delayed greet at once', async () => {
    const listener = await serve({ policy: policy(LONG_MS) });
    const client = await connectFrom(listener, '192.0.2.1');
    expect(await client.line()).toMatch(/^192\.0\.2\.1 /);
  });
});
