import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { createPool } from '#server/database/pool.ts';
import { findFreePort } from '#server/free-port.ts';
import { startDnsServer, type TestDnsServer } from '../dns-server.ts';
import { type EngineProcess, startEngineProcess } from '../engine-process.ts';
import { createMailboxes } from '../mailboxes.ts';
import { CAN_RUN_POSTFIX, type PostfixRelay, startPostfixRelay } from './postfix-relay.ts';
import { has, run } from './programs.ts';

const PASSWORD = 'interop-lantern-42-harbour';
const DOMAIN = 'interop.example';
const NEXT_DOOR = 'nextdoor.example';

let database: TestDatabase;
let dns: TestDnsServer;
let engine: EngineProcess;
let users: string[];
let postfix: PostfixRelay | undefined;

async function allowPrivateDestinations(): Promise<void> {
  const pool = createPool({ connectionString: database.url, max: 1 });
  await pool.query(
    `INSERT INTO setting (key, value, updated_by) VALUES ('queue.allowPrivateDestinations', 'true', 'test')`,
  );
  await pool.end();
}

beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  users = await createMailboxes(database.url, { domain: DOMAIN, count: 2, password: PASSWORD });
  await allowPrivateDestinations();
  dns = await startDnsServer();
  dns.zone[NEXT_DOOR] = { MX: [[10, `mx.${NEXT_DOOR}`]] };
  dns.zone[`mx.${NEXT_DOOR}`] = { A: ['127.0.0.1'] };
  const lmtpPort = await findFreePort();
  if (CAN_RUN_POSTFIX) {
    const mailbox = users[0] ?? '';
    postfix = await startPostfixRelay({ lmtpPort, domain: DOMAIN, aliasDomain: NEXT_DOOR, mailbox });
  }
  const env = {
    MAILSTEAD_LMTP_PORT: String(lmtpPort),
    MAILSTEAD_DNS_SERVERS: dns.server,
    MAILSTEAD_REMOTE_SMTP_PORT: String(postfix?.port ?? 1),
  };
  engine = await startEngineProcess({ databaseUrl: database.url, env });
});
afterAll(async () => {
  await postfix?.stop();
  await engine.end('SIGTERM');
  await dns.close();
  await database.drop();
});

async function read(user: string, uid: number): Promise<string> {
  const url = `imaps://127.0.0.1:${engine.ports.imaps}/INBOX;UID=${uid}`;
  return (await run('curl', ['-sS', '--cacert', engine.certFile, '-u', `${user}:${PASSWORD}`, url])).toString();
}

/** The message of that subject, once it is there. */
async function waitFor(user: string, subject: string): Promise<string> {
  let found = '';
  await expect
    .poll(
      async () => {
        for (let uid = 1; uid < 20 && !found; uid += 1) {
          const message = await read(user, uid).catch(() => '');
          if (message === '') return false;
          if (message.includes(`Subject: ${subject}\r\n`)) found = message;
        }
        return found !== '';
      },
      { timeout: 50_000, interval: 200 },
    )
    .toBe(true);
  return found;
}

describe.skipIf(!has('swaks') || !has('curl'))('LMTP', () => {
  test('swaks delivers to two, and is told that a third is not here', async () => {
    const said = await run('swaks', [
      ...['--protocol', 'LMTP', '--server', '127.0.0.1', '--port', String(engine.ports.lmtp)],
      ...[
        '--from',
        'grace@sender.example',
        '--to',
        `${users.join(',')},nobody@${DOMAIN}`,
        '--header',
        'Subject: by swaks',
      ],
    ]).catch((error: Error) => Buffer.from(error.message));
    expect(said.toString()).toMatch(/~> LHLO|-> LHLO/);
    expect(said.toString()).toMatch(/5\d\d 5\.1\.1/);
    for (const user of users)
      expect(await waitFor(user, 'by swaks')).toMatch(/\r\n\tby mx\.harbour\.example with LMTP id /);
  }, 60_000);

  test.skipIf(!CAN_RUN_POSTFIX)(
    'Postfix takes what our queue sends, and delivers it back by LMTP',
    async () => {
      const [user = ''] = users;
      await run('swaks', [
        ...['--server', '127.0.0.1', '--port', String(engine.ports.submissions), '--tls-on-connect'],
        ...['--auth', 'PLAIN', '--auth-user', user, '--auth-password', PASSWORD],
        ...[
          '--from',
          user,
          '--to',
          `anybody@${NEXT_DOOR}`,
          '--header',
          'Subject: round trip',
          '--body',
          '.dot\n..two\nend',
        ],
      ]);
      const message = await waitFor(user, 'round trip');
      expect(message).toMatch(/\r\n\r\n\.dot\r\n\.\.two\r\nend\r\n/);
      expect(message).toMatch(/with LMTP id/);
      expect(message).toMatch(new RegExp(`by mx\\.${NEXT_DOOR.replace('.', '\\.')} \\(Postfix\\) with ESMTP`));
      expect(message).toMatch(/with ESMTPSA id/);
      expect(message.match(/^Return-Path: /gm)).toHaveLength(1);
    },
    60_000,
  );
});
