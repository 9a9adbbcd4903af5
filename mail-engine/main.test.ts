import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { ensureCertificate } from '#engine/net/certificate.ts';
import { LineClient } from '#engine/net/testing/line-client.ts';
import { createMailboxes } from '#engine/testing/mailboxes.ts';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { createPool } from '#server/database/pool.ts';

const PASSWORD = 'correct horse battery';
const PATIENT = { timeout: 60_000 };

let database: TestDatabase;
let varDir: string;

beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  varDir = await mkdtemp(join(tmpdir(), 'mailstead-main-'));
  await chmod(varDir, 0o755); // as the supervisor makes it: the user the engine becomes must enter
  await createMailboxes(database.url, { domain: 'one.example', count: 1, password: PASSWORD });
});
afterAll(async () => {
  await database.drop();
  await rm(varDir, { recursive: true });
});

function start(environment: Record<string, string>) {
  const services = ['SMTP', 'SUBMISSION', 'SUBMISSIONS', 'IMAP', 'IMAPS', 'POP3', 'POP3S'];
  return fork(join(import.meta.dirname, 'main.ts'), [], {
    execArgv: [],
    env: {
      NODE_ENV: 'test',
      PATH: process.env.PATH ?? '',
      LOG_LEVEL: 'silent',
      DATABASE_URL: database.url,
      MAILSTEAD_SECRET: 'a secret of at least thirty-two characters',
      MAILSTEAD_HOSTNAME: 'mx.test',
      MAILSTEAD_BIND: '127.0.0.1',
      MAILSTEAD_VAR: varDir,
      ...Object.fromEntries(services.map((service) => [`MAILSTEAD_${service}_PORT`, '0'])),
      ...environment,
    },
  });
}

async function readNodes() {
  const client = new Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<{ pid: number; status: { listeners: { service: string; port: number }[] } }>(
    'SELECT pid, status FROM engine_node',
  );
  await client.end();
  return rows;
}

test('says it is ready, takes a message, shows it, and stops in order when told', async () => {
  const child = start({});
  const [message] = (await once(child, 'message')) as [{ kind: string; ports: Record<string, number> }];
  expect(message.kind).toBe('ready');
  expect(Object.keys(message.ports)).toEqual(['smtp', 'submission', 'submissions', 'imap', 'imaps', 'pop3', 'pop3s']);
  const [node] = await readNodes();
  expect(node?.pid).toBe(child.pid);
  expect(node?.status.listeners).toContainEqual(
    expect.objectContaining({ service: 'smtp', port: message.ports.smtp, limit: 200 }),
  );
  const smtp = await LineClient.connect(message.ports.smtp ?? 0);
  await smtp.reply();
  await smtp.ask('EHLO c.example');
  await smtp.ask('MAIL FROM:<a@remote.example>');
  await smtp.ask('RCPT TO:<person1@one.example>');
  await smtp.ask('DATA');
  expect(await smtp.ask('Subject: hi\r\n\r\n.')).toMatch(/^250 /);
  const pop3 = await LineClient.connect(message.ports.pop3s ?? 0, { tls: true });
  await pop3.line();
  pop3.send(`USER person1@one.example\r\nPASS ${PASSWORD}\r\n`);
  await pop3.line();
  expect(await pop3.line()).toMatch(/has 1 messages/);
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await smtp.reply()).toBe('421 4.3.2 Server is stopping, try again');
  expect(await pop3.line()).toBe('-ERR [SYS/TEMP] Server is stopping, try again');
  smtp.cut();
  pop3.cut();
  expect(await exit).toEqual([0, null]);
  expect(await readNodes()).toEqual([]);
});

test.runIf(process.getuid?.() === 0)(
  "started by root, it serves as somebody else, and its key is that user's",
  async () => {
    const child = start({});
    await once(child, 'message');
    const { uid } = await stat(`/proc/${child.pid}`);
    expect(uid).not.toBe(0);
    expect((await stat(join(varDir, 'tls', 'key.pem'))).uid).toBe(uid);
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await exit;
  },
);

test('SIGHUP brings a new certificate into use, a broken one does not replace it', async () => {
  const files = { certFile: join(varDir, 'sighup-cert.pem'), keyFile: join(varDir, 'sighup-key.pem') };
  await ensureCertificate({ ...files, hostname: 'first.test' });
  await chmod(files.keyFile, 0o644); // the user it becomes must read it again
  const child = start({ MAILSTEAD_TLS_CERT: files.certFile, MAILSTEAD_TLS_KEY: files.keyFile });
  const [{ ports }] = (await once(child, 'message')) as [{ ports: Record<string, number> }];
  const shownName = async () => {
    const client = await LineClient.connect(ports.imaps ?? 0, { tls: true });
    const { subject } = (client.socket as TLSSocket).getPeerCertificate();
    client.cut();
    return subject.CN;
  };
  expect(await shownName()).toBe('first.test');
  await Promise.all(Object.values(files).map((file) => rm(file)));
  await ensureCertificate({ ...files, hostname: 'second.test' });
  await chmod(files.keyFile, 0o644);
  child.kill('SIGHUP');
  await expect.poll(shownName, { timeout: 10_000 }).toBe('second.test');
  await writeFile(files.certFile, 'broken');
  child.kill('SIGHUP');
  expect(await shownName()).toBe('second.test');
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
});

test('told to stop, its queue closes at once, whatever chore is under way', async () => {
  const pool = createPool({ connectionString: database.url, max: 2 });
  const isThere = async (where: string): Promise<boolean> => {
    const { rowCount } = await pool.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND ${where}`,
    );
    return rowCount !== 0;
  };
  await createMailboxes(database.url, { domain: 'gone.example', count: 1, password: PASSWORD });
  const { rows } = await pool.query<{ id: number }>(
    `UPDATE account SET deleted_at = now(), purge_after = now() WHERE address LIKE '%@gone.example' RETURNING id`,
  );
  const holder = await pool.connect();
  await holder.query('BEGIN');
  await holder.query('SELECT FROM account_usage WHERE account_id = $1 FOR NO KEY UPDATE', [rows[0]?.id]);
  const child = start({});
  await once(child, 'message');
  await expect.poll(() => isThere(`wait_event_type = 'Lock' AND query LIKE '%purge_after%'`), PATIENT).toBe(true);
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await expect.poll(() => isThere(`application_name = 'mailstead listen mailstead_queue'`), PATIENT).toBe(false);
  await holder.query('COMMIT');
  holder.release();
  expect(await exit).toEqual([0, null]);
  await pool.end();
});

test('ends when its supervisor does', async () => {
  const child = start({});
  await once(child, 'message');
  const exit = once(child, 'exit');
  child.disconnect();
  expect(await exit).toEqual([0, null]);
});

test.each([
  ['a database that is not there', { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' }, /ECONNREFUSED/],
  ['no secret', { MAILSTEAD_SECRET: '' }, /^MAILSTEAD_SECRET is not set/],
  ['a wrong port', { MAILSTEAD_SMTP_PORT: 'x' }, /MAILSTEAD_SMTP_PORT/],
])('%s: says why and exits with 1', async (_name, environment, reason) => {
  const child = start(environment);
  const exit = once(child, 'exit');
  const [message] = (await once(child, 'message')) as [{ kind: string; reason: string }];
  expect(message).toEqual({ kind: 'failed', reason: expect.stringMatching(reason) });
  expect(await exit).toEqual([1, null]);
});
