/** How long a reader waits: one account of many messages, among many others, over IMAP and POP3. */
import { ImapFlow } from 'imapflow';
import { LineClient } from '#engine/net/testing/line-client.ts';
import { startEngineProcess } from '#engine/testing/engine-process.ts';
import { READER } from './fill.ts';

const ROUNDS = 5;

async function time(run: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function readImap(port: number): Promise<Record<string, number>> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port,
    secure: true,
    auth: { user: READER.user, pass: READER.password },
    logger: false,
    tls: { rejectUnauthorized: false },
  });
  await client.connect();
  const select = await time(() => client.mailboxOpen('INBOX'));
  const again = await time(() => client.mailboxOpen('INBOX'));
  const flags = await time(() => client.fetchAll('1:*', { flags: true, uid: true }));
  const list = await time(() => client.list());
  const page = await time(() => client.fetchAll('9951:10000', { envelope: true, bodyStructure: true, uid: true }));
  await client.logout();
  return {
    'IMAP SELECT': select,
    'IMAP SELECT again': again,
    'IMAP FETCH of all flags': flags,
    'IMAP LIST': list,
    'IMAP FETCH of 50 envelopes': page,
  };
}

async function readPop3(port: number): Promise<Record<string, number>> {
  const client = await LineClient.connect(port, { tls: true });
  await client.line();
  await client.ask(`USER ${READER.user}`);
  const signIn = await time(() => client.ask(`PASS ${READER.password}`));
  const stat = await time(() => client.ask('STAT'));
  await client.ask('QUIT');
  client.cut();
  return { 'POP3 PASS': signIn, 'POP3 STAT': stat };
}

/** Milliseconds by what was done: of the first time, and the median of those after it. */
export async function measureReading(databaseUrl: string): Promise<Map<string, { first: number; usual: number }>> {
  const engine = await startEngineProcess({ databaseUrl });
  const found = new Map<string, number[]>();
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      const figures = { ...(await readImap(engine.ports.imaps)), ...(await readPop3(engine.ports.pop3s)) };
      for (const [what, ms] of Object.entries(figures)) found.set(what, [...(found.get(what) ?? []), ms]);
    }
  } finally {
    await engine.end('SIGTERM');
  }
  return new Map([...found].map(([what, [first = Number.NaN, ...rest]]) => [what, { first, usual: median(rest) }]));
}
