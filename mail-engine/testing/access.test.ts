/** Access rules, POP-before-SMTP and block lists in engines as they run, two of them on one database, with clients from anywhere. */
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest';
import { LineClient } from '#engine/net/testing/line-client.ts';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { restoreVersion } from '#server/access-rules/restore-version.ts';
import { saveRules } from '#server/access-rules/save-rules.ts';
import { SYSTEM } from '#server/actor/actor.ts';
import { createPrisma, type PrismaClient } from '#server/database/prisma.ts';
import { setPopBeforeSmtp } from '#server/domains/set-pop-before-smtp.ts';
import type { Context } from '#server/operation.ts';
import { updateSetting } from '#server/settings/update-setting.ts';
import { startDnsServer, type TestDnsServer } from './dns-server.ts';
import { type EngineProcess, startEngineProcess } from './engine-process.ts';
import { createMailboxes } from './mailboxes.ts';

const PASSWORD = 'correct horse battery';
const PROXY = '127.0.0.2';

let database: TestDatabase;
let db: PrismaClient;
let context: Context;
let dns: TestDnsServer;
/** On one database. */
let engines: readonly [EngineProcess, EngineProcess];
const clients: LineClient[] = [];

beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  db = createPrisma(database.url, 2);
  context = { db, actor: SYSTEM, now: () => new Date() };
  dns = await startDnsServer();
  await createMailboxes(database.url, { domain: 'one.example', count: 1, password: PASSWORD });
  const { id } = await db.domain.findFirstOrThrow({ where: { name: 'one.example' } });
  await setPopBeforeSmtp(context, { id, on: true });
  await updateSetting(context, { key: 'connections.proxyNetworks', value: [`${PROXY}/32`] });
  await updateSetting(context, { key: 'connections.greetDelaySeconds', value: 0 });
  await updateSetting(context, { key: 'smtp.blockLists', value: ['bl.example'] });
  const start = () =>
    startEngineProcess({
      databaseUrl: database.url,
      env: { MAILSTEAD_DNS_SERVERS: dns.server, MAILSTEAD_LMTP_PORT: 'off' },
    });
  engines = [await start(), await start()];
});
afterEach(() => {
  for (const client of clients.splice(0)) client.cut();
});
afterAll(async () => {
  for (const engine of engines) await engine.end('SIGTERM');
  await dns.close();
  await db.$disconnect();
  await database.drop();
});

async function connect(engine: EngineProcess, service: 'smtp' | 'imap', address: string): Promise<LineClient> {
  const client = await LineClient.connect(engine.ports[service], { localAddress: PROXY });
  clients.push(client);
  client.send(`PROXY TCP4 ${address} 192.0.2.25 50000 25\r\n`);
  return client;
}

/** The answer to RCPT of somebody elsewhere; what came before it where that was refused. */
async function relay(engine: EngineProcess, address: string): Promise<string> {
  const client = await connect(engine, 'smtp', address);
  await client.reply();
  await client.ask('EHLO client.example');
  const mail = await client.ask('MAIL FROM:<person1@one.example>');
  return mail.startsWith('250') ? client.ask('RCPT TO:<friend@elsewhere.example>') : mail;
}

async function readMail(engine: EngineProcess, address: string): Promise<void> {
  const client = await connect(engine, 'imap', address);
  await client.line();
  client.send('a STARTTLS\r\n');
  expect(await client.line()).toMatch(/^a OK/);
  await client.startTls();
  client.send(`b LOGIN person1@one.example "${PASSWORD}"\r\n`);
  expect(await client.line()).toMatch(/^b OK/);
}

test('rules saved in the panel hold on every engine', async () => {
  await saveRules(context, { service: 'smtp', text: '45.9.0.1:deny\n45.9.0.2:allow,RELAYCLIENT=""\n:allow' });
  for (const engine of engines) {
    await expect.poll(async () => (await connect(engine, 'smtp', '45.9.0.1')).line()).toBeUndefined();
    expect(await relay(engine, '45.9.0.2')).toMatch(/^250 /);
    expect(await relay(engine, '45.9.0.3')).toMatch(/^553 5\.7\.1 /);
  }
  await restoreVersion(context, { service: 'smtp', version: null });
  await expect.poll(async () => relay(engines[0], '45.9.0.2')).toMatch(/^553 /);
});

test('a sign-in to IMAP on one engine opens relaying on the other, past the block lists', async () => {
  dns.zone['7.0.9.45.bl.example'] = { A: ['127.0.0.2'], TXT: ['Spam from there'] };
  expect(await relay(engines[1], '45.9.0.7')).toBe('451 4.7.1 Spam from there');
  await readMail(engines[0], '45.9.0.7');
  await expect.poll(() => relay(engines[1], '45.9.0.7')).toMatch(/^250 /);
  expect(await relay(engines[1], '45.9.0.8')).toMatch(/^553 /);
  await db.relayOpening.deleteMany({});
  await expect.poll(() => relay(engines[1], '45.9.0.7')).toBe('451 4.7.1 Spam from there');
});
