import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { logger } from '#server/logger.ts';
import { type ListenerDeps, listen } from './listener.ts';
import { gateOf } from './testing/gate.ts';
import { LineClient } from './testing/line-client.ts';
import { createTestTls } from './testing/test-tls.ts';
import type { TlsProvider } from './tls-provider.ts';
import { type Connection, ConnectionError, type Listener, type ListenerOptions } from './types.ts';

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

async function serve(
  handler: (connection: Connection) => Promise<void>,
  options: Partial<ListenerOptions> = {},
  deps: Partial<ListenerDeps> = {},
): Promise<Listener> {
  const listener = await listen(
    {
      service: 'test',
      bind: ['127.0.0.1'],
      port: 0,
      implicitTls: false,
      gate: gateOf({ maxConnections: 10 }),
      busyLine: '421 busy',
      handler,
      ...options,
    },
    { tls, log: logger('net'), ...deps },
  );
  open.push(listener);
  return listener;
}

async function connect(listener: Listener, options: { tls?: boolean; host?: string } = {}): Promise<LineClient> {
  const client = await LineClient.connect(listener.port, options);
  clients.push(client);
  return client;
}

/** Answers each line with its length and text, in quotes, until `quit`. */
async function echo(connection: Connection): Promise<void> {
  for (;;) {
    const line = (await connection.readLine(1000, 10_000)).toString('latin1');
    if (line.trim() === 'quit') return;
    if (line.trim() === 'starttls') {
      await connection.write('ready\r\n');
      await connection.startTls();
    } else await connection.write(`${JSON.stringify(line)} ${connection.tls?.protocol ?? 'clear'}\r\n`);
  }
}

/** A handler whose outcome the test can wait for. */
function outcomeOf(run: (connection: Connection) => Promise<unknown>) {
  const done = Promise.withResolvers<unknown>();
  const handler = async (connection: Connection) => {
    try {
      done.resolve(await run(connection));
    } catch (error) {
      done.resolve(error instanceof ConnectionError ? error.code : error);
      throw error;
    }
  };
  return { handler, outcome: done.promise };
}

describe('reading', () => {
  test('lines come with their line ends as received, several from one packet', async () => {
    const client = await connect(await serve(echo));
    client.send('one\r\ntwo\nthree\r');
    expect(await client.line()).toBe('"one\\r\\n" clear');
    expect(await client.line()).toBe('"two\\n" clear');
    client.send('\n');
    expect(await client.line()).toBe('"three\\r\\n" clear');
  });

  test('a line one byte over the limit is refused, one of exactly the limit is not', async () => {
    const { handler, outcome } = outcomeOf(async (connection) => {
      await connection.write(`${(await connection.readLine(8, 10_000)).length}\r\n`);
      await connection.readLine(8, 10_000);
    });
    const client = await connect(await serve(handler));
    client.send('123456\r\n1234567\r\n');
    expect(await client.line()).toBe('8');
    expect(await outcome).toBe('line-too-long');
  });

  test('a line that never ends is refused when the limit is reached, not later', async () => {
    const { handler, outcome } = outcomeOf(async (connection) => connection.readLine(1000, 10_000));
    const client = await connect(await serve(handler));
    client.send('x'.repeat(1000));
    expect(await outcome).toBe('line-too-long');
  });

  test('a deadline ends a read that a dripping peer keeps alive', async () => {
    const { handler, outcome } = outcomeOf(async (connection) => connection.readLine(1000, 30));
    const client = await connect(await serve(handler));
    client.send('no end of line');
    expect(await outcome).toBe('timeout');
    expect(await client.rest()).toBe('');
  });

  test('a closed peer ends a read; what it sent before closing is served first', async () => {
    const { handler, outcome } = outcomeOf(async (connection) => {
      const first = await connection.readLine(100, 10_000);
      await connection.write(`got ${first.toString().trim()}\r\n`);
      await connection.readLine(100, 10_000);
    });
    const client = await connect(await serve(handler));
    client.send('last words\r\n');
    client.finish();
    expect(await client.line()).toBe('got last words');
    expect(await outcome).toBe('closed');
  });

  test('a peer that closed its side still gets answers that were corked', async () => {
    const client = await connect(
      await serve(async (connection) => {
        connection.cork();
        for (;;) await connection.write(await connection.readLine(100, 10_000));
      }),
    );
    client.send('one\r\ntwo\r\n');
    client.finish();
    expect(await client.rest()).toBe('one\r\ntwo\r\n');
  });

  test('a peer that closed its side still gets an answer larger than what the system buffers', async () => {
    const answer = 'x'.repeat(8 * 1024 * 1024);
    const listener = await serve(async (connection) => {
      await connection.readLine(100, 10_000);
      const sent = connection.write(answer);
      const readOn = async () => connection.readLine(100, 10_000);
      await expect(readOn()).rejects.toThrow('the peer closed');
      void sent?.catch(() => undefined);
      throw new ConnectionError('closed', 'as if a read had ended it');
    });
    const client = await connect(listener);
    client.send('give\r\n');
    client.finish();
    expect((await client.rest()).length).toBe(answer.length);
  });

  test('a reader that stops reading stops the peer: input read ahead stays bounded', async () => {
    const gate = Promise.withResolvers<void>();
    let ahead = 0;
    const total = 64 * 1024 * 1024;
    const { handler, outcome } = outcomeOf(async (connection) => {
      await connection.readLine(100, 10_000);
      await gate.promise;
      ahead = connection.buffered;
      let seen = 0;
      while (seen < total) {
        seen += (await connection.readSome(65_536, 10_000)).length;
        if (connection.buffered > ahead) ahead = connection.buffered;
      }
      return seen;
    });
    const client = await connect(await serve(handler));
    client.send('go\r\n');
    const chunk = Buffer.alloc(1024 * 1024);
    for (let sent = 0; sent < total; sent += chunk.length) client.send(chunk);
    // The client's own buffer must still hold most of it: nobody took it.
    await new Promise((resolve) => setImmediate(resolve));
    gate.resolve();
    expect(await outcome).toBe(total);
    expect(ahead).toBeLessThanOrEqual(256 * 1024);
  });

  test('exact counts, some bytes and bytes put back come in order', async () => {
    const { handler, outcome } = outcomeOf(async (connection) => {
      const three = await connection.readExactly(3, 10_000);
      const some = await connection.readSome(2, 10_000);
      connection.unread(Buffer.from('XY'));
      const rest = await connection.readLine(100, 10_000);
      return [three, some, rest].map(String);
    });
    const client = await connect(await serve(handler));
    client.send('ab');
    client.send('cdefg\r\n');
    expect(await outcome).toEqual(['abc', 'de', 'XYfg\r\n']);
  });

  test('one byte a packet makes the same lines', async () => {
    const client = await connect(await serve(echo));
    for (const byte of 'slow\r\nlines\r\n') client.send(byte);
    expect(await client.line()).toBe('"slow\\r\\n" clear');
    expect(await client.line()).toBe('"lines\\r\\n" clear');
  });
});

describe('writing', () => {
  test('corked output goes out when a read has to wait', async () => {
    const client = await connect(
      await serve(async (connection) => {
        connection.cork();
        await connection.write('hello\r\n');
        await connection.write(await connection.readLine(100, 10_000));
      }),
    );
    expect(await client.line()).toBe('hello');
    client.send('back\r\n');
    expect(await client.line()).toBe('back');
  });

  test('a peer that takes nothing ends the write at its deadline', async () => {
    const { handler, outcome } = outcomeOf(async (connection) => {
      const block = Buffer.alloc(1024 * 1024);
      for (;;) await connection.write(block);
    });
    const client = await connect(await serve(handler, {}, { writeTimeoutMs: 50 }));
    client.socket.pause();
    expect(await outcome).toBe('timeout');
  });

  test('a peer that pipelines and reads late gets every answer, corked or not', async () => {
    const answer = `${'x'.repeat(8_190)}\r\n`;
    const client = await connect(
      await serve(async (connection) => {
        connection.cork();
        for (;;) {
          await connection.readLine(100, 10_000);
          await connection.write(answer);
        }
      }),
    );
    client.socket.pause();
    // One line a packet: the server waits for input, and so lets its answers go, again and again while the peer takes none.
    for (let sent = 0; sent < 1_500; sent += 1) {
      client.send('more\r\n');
      await new Promise((resolve) => setImmediate(resolve));
    }
    client.finish();
    client.socket.resume();
    expect((await client.rest()).length).toBe(1_500 * answer.length);
  });

  test('back-pressure works while corked', async () => {
    const sent = randomBytes(8 * 1024 * 1024).toString('base64');
    const client = await connect(
      await serve(async (connection) => {
        connection.cork();
        for (let at = 0; at < sent.length; at += 65_536) await connection.write(sent.slice(at, at + 65_536));
      }),
    );
    expect(await client.rest()).toBe(sent);
  });
});

describe('TLS', () => {
  test('STARTTLS upgrades in place', async () => {
    const client = await connect(await serve(echo));
    client.send('starttls\r\n');
    expect(await client.line()).toBe('ready');
    await client.startTls();
    client.send('secret\r\n');
    expect(await client.line()).toBe('"secret\\r\\n" TLSv1.3');
  });

  test('STARTTLS injection: input in clear behind the command closes the connection unread', async () => {
    const { handler, outcome } = outcomeOf(async (connection) => {
      await connection.readLine(100, 10_000);
      await connection.startTls();
      return await connection.readLine(100, 10_000);
    });
    const client = await connect(await serve(handler));
    client.send('starttls\r\nrcpt to:<injected@example.com>\r\n');
    expect(await outcome).toBe('closed');
    expect(await client.rest()).toBe('');
  });

  test('STARTTLS injection: input in clear after the upgrade began breaks the handshake', async () => {
    const { handler, outcome } = outcomeOf(async (connection) => {
      await connection.readLine(100, 10_000);
      await connection.write('ready\r\n');
      await connection.startTls();
      return await connection.readLine(100, 10_000);
    });
    const client = await connect(await serve(handler));
    client.send('starttls\r\n');
    expect(await client.line()).toBe('ready');
    client.send('rcpt to:<injected@example.com>\r\n');
    expect(await outcome).toBe('closed');
  });

  test('a peer that closed its side before the handshake is let go at once', async () => {
    const { handler, outcome } = outcomeOf(echo);
    const client = await connect(await serve(handler));
    client.send('starttls\r\n');
    client.finish();
    expect(await client.rest()).toBe('ready\r\n');
    expect(await outcome).toBe('closed');
  });

  test('a peer that closes its side amid the handshake is let go at once', async () => {
    for (const begun of ['', '\x16\x03\x01']) {
      const { handler, outcome } = outcomeOf(echo);
      const client = await connect(await serve(handler));
      client.send('starttls\r\n');
      expect(await client.line()).toBe('ready');
      client.send(begun);
      client.finish();
      await client.rest();
      expect(await outcome).toBe('closed');
    }
  });

  test('implicit TLS serves from the first byte and tells its facts', async () => {
    const { handler, outcome } = outcomeOf(async (connection) => connection.tls);
    const client = await connect(await serve(handler, { implicitTls: true }), { tls: true });
    expect(await outcome).toMatchObject({ protocol: 'TLSv1.3', cipher: expect.stringMatching(/^TLS_/) });
    expect(await client.rest()).toBe('');
  });

  test('a handshake that never comes ends at its deadline and gives its place back', async () => {
    const listener = await serve(
      echo,
      { implicitTls: true, gate: gateOf({ maxConnections: 1 }) },
      { handshakeTimeoutMs: 1_000 },
    );
    const silent = await connect(listener);
    expect(await silent.rest()).toBe('');
    const client = await connect(listener, { tls: true });
    client.send('hi\r\n');
    expect(await client.line()).toBe('"hi\\r\\n" TLSv1.3');
  });

  test('clear text on an implicit TLS port is refused', async () => {
    const client = await connect(await serve(echo, { implicitTls: true }));
    client.send('EHLO example.com\r\n');
    expect(await client.rest()).not.toContain('EHLO');
  });
});

describe('limits', () => {
  test('a full service says so and closes; a place given back is taken again', async () => {
    const listener = await serve(echo, { gate: gateOf({ maxConnections: 1 }) });
    const first = await connect(listener);
    first.send('x\r\n');
    await first.line();
    const second = await connect(listener);
    expect(await second.rest()).toBe('421 busy\r\n');
    expect(listener.connections).toBe(1);
    first.send('quit\r\n');
    await first.rest();
    first.cut();
    await vi.waitFor(() => expect(listener.connections).toBe(0), { timeout: 20_000 });
    const third = await connect(listener);
    third.send('y\r\n');
    expect(await third.line()).toBe('"y\\r\\n" clear');
  });

  test('a handler that throws costs only its own connection', async () => {
    const listener = await serve(async (connection) => {
      const line = await connection.readLine(100, 10_000);
      if (String(line) === 'boom\r\n') throw new Error('boom');
      await connection.write(line);
    });
    const bad = await connect(listener);
    bad.send('boom\r\n');
    expect(await bad.rest()).toBe('');
    const good = await connect(listener);
    good.send('fine\r\n');
    expect(await good.rest()).toBe('fine\r\n');
  });
});

describe('binding and closing', () => {
  test("a taken port is the system's error", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    await expect(serve(echo, { port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await new Promise((resolve) => other.close(resolve));
  });

  test('both families share one port and mapped peers are told as IPv4', async () => {
    const listener = await serve(async (connection) => connection.write(`${connection.peer.address}\r\n`), {
      bind: ['0.0.0.0', '::'],
    });
    expect(await (await connect(listener)).rest()).toBe('127.0.0.1\r\n');
    const mapped = await serve(async (connection) => connection.write(`${connection.peer.address}\r\n`), {
      bind: ['::'],
    });
    expect(await (await connect(mapped)).rest()).toBe('127.0.0.1\r\n');
  });

  test('shutdown lets a session say goodbye and close waits for it', async () => {
    const listener = await serve(async (connection) => {
      await connection.write('hello\r\n');
      try {
        await connection.readLine(100, 60_000);
      } catch (error) {
        if (!(error instanceof ConnectionError && error.code === 'shutdown')) throw error;
        await connection.write('421 bye\r\n');
      }
    });
    const client = await connect(listener);
    expect(await client.line()).toBe('hello');
    const closed = listener.close(10_000);
    expect(await client.rest()).toBe('421 bye\r\n');
    client.cut();
    await closed;
    expect(listener.connections).toBe(0);
  });

  test('close ends a session that does not listen when its grace is over', async () => {
    const listener = await serve(async (connection) => {
      await connection.write('hello\r\n');
      await connection.readExactly(10, 60_000);
    });
    const client = await connect(listener);
    expect(await client.line()).toBe('hello');
    await listener.close(10);
    expect(listener.connections).toBe(0);
    expect(await client.rest()).toBe('');
  });

  test('waiting for input ends by input, by signal and by shutdown', async () => {
    const stop = new AbortController();
    const { handler, outcome } = outcomeOf(async (connection) => {
      await connection.waitForInput(10_000, new AbortController().signal);
      const { buffered } = connection;
      await connection.readLine(100, 10_000);
      stop.abort();
      await connection.waitForInput(10_000, stop.signal);
      const later = new AbortController();
      setImmediate(() => later.abort());
      await connection.waitForInput(10_000, later.signal);
      await connection.write(`${buffered}\r\n`);
      return await connection.waitForInput(10_000, new AbortController().signal);
    });
    const listener = await serve(handler);
    const client = await connect(listener);
    client.send('x\r\n');
    expect(await client.line()).toBe('3');
    await listener.close(1_000);
    expect(await outcome).toBe('shutdown');
  });
});
