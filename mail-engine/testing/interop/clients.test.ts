import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { type EngineProcess, startEngineProcess } from '../engine-process.ts';
import { createMailboxes } from '../mailboxes.ts';
import { has, run } from './programs.ts';
import { sampleMessages, withoutTrace } from './sample-messages.ts';

const PASSWORD = 'interop-lantern-42-harbour';
let database: TestDatabase;
let engine: EngineProcess;
let folder: string;
let user: string;
let sent: readonly Buffer[];

beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  [user = ''] = await createMailboxes(database.url, { domain: 'interop.example', count: 1, password: PASSWORD });
  engine = await startEngineProcess({ databaseUrl: database.url });
  folder = await mkdtemp(join(tmpdir(), 'mailstead-interop-'));
  const { plain, html, large } = await sampleMessages(user);
  sent = [plain, html, large];
});
afterAll(async () => {
  await engine.end('SIGTERM');
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

/** mbsync marks what it stores in the near side with a field of its own. */
const withoutTuid = (bytes: Buffer): Buffer =>
  Buffer.from(bytes.toString('latin1').replace(/^X-TUID: .*\n/m, ''), 'latin1');

const lineFeeds = (bytes: Buffer): Buffer => Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');

/** Every sent message is the tail of exactly one of the fetched ones, and nothing else was fetched. */
function expectAllFetched(fetched: readonly Buffer[], expected: readonly Buffer[]): void {
  expect(fetched).toHaveLength(expected.length);
  for (const message of expected)
    expect(fetched.some((candidate) => withoutTrace(candidate, message).equals(message))).toBe(true);
}

describe.skipIf(!has('swaks') || !has('curl'))('delivered with swaks', () => {
  beforeAll(async () => {
    for (const [index, message] of sent.entries()) {
      const file = join(folder, `sent-${index}.eml`);
      await writeFile(file, lineFeeds(message).subarray(0, -1)); // swaks ends the last line itself
      const target = [
        '--server',
        '127.0.0.1',
        '--port',
        String(engine.ports.smtp),
        '--tls-optional',
        '--from',
        'grace@sender.example',
        '--to',
        user,
      ];
      await run('swaks', [...target, '--data', `@${file}`]);
    }
  });

  test('curl fetches the same bytes by IMAP', async () => {
    const fetched: Buffer[] = [];
    for (let uid = 1; uid <= sent.length; uid++) {
      const url = `imaps://127.0.0.1:${engine.ports.imaps}/INBOX;UID=${uid}`;
      fetched.push(await run('curl', ['-sS', '--cacert', engine.certFile, '-u', `${user}:${PASSWORD}`, url]));
    }
    expectAllFetched(fetched, sent);
  });

  test('curl fetches the same bytes by POP3, after STLS', async () => {
    const fetched: Buffer[] = [];
    for (let number = 1; number <= sent.length; number++) {
      const url = `pop3://127.0.0.1:${engine.ports.pop3}/${number}`;
      fetched.push(
        await run('curl', ['-sS', '--ssl-reqd', '--cacert', engine.certFile, '-u', `${user}:${PASSWORD}`, url]),
      );
    }
    expectAllFetched(fetched, sent);
  });

  test.skipIf(!has('mbsync'))('mbsync fetches the whole mailbox', async () => {
    const maildir = join(folder, 'maildir');
    await mkdir(maildir);
    const config = join(folder, 'mbsyncrc');
    await writeFile(
      config,
      `IMAPAccount a\nHost 127.0.0.1\nPort ${engine.ports.imaps}\nUser ${user}\nPass ${PASSWORD}\nSSLType IMAPS\nCertificateFile ${engine.certFile}\n
IMAPStore far\nAccount a\n
MaildirStore near\nPath ${maildir}/\nInbox ${maildir}/INBOX\nSubFolders Verbatim\n
Channel c\nFar :far:\nNear :near:\nPatterns *\nCreate Near\nSync Pull\nSyncState *\n`,
    );
    await run('mbsync', ['-c', config, '-q', 'c']);
    const fetched: Buffer[] = [];
    for (const sub of ['new', 'cur']) {
      for (const name of await readdir(join(maildir, 'INBOX', sub)))
        fetched.push(withoutTuid(await readFile(join(maildir, 'INBOX', sub, name))));
    }
    expectAllFetched(fetched, sent.map(lineFeeds));
    expect(await readdir(maildir)).toEqual(
      expect.arrayContaining(['INBOX', 'Drafts', 'Sent', 'Junk', 'Trash', 'Archive']),
    );
  });

  test.skipIf(!has('mpop'))('mpop fetches the whole mailbox', async () => {
    const maildir = join(folder, 'mpop');
    for (const sub of ['new', 'cur', 'tmp']) await mkdir(join(maildir, sub), { recursive: true });
    const account = [
      '--host=127.0.0.1',
      `--port=${engine.ports.pop3s}`,
      `--user=${user}`,
      '--tls=on',
      '--tls-starttls=off',
    ];
    const rest = [
      `--tls-trust-file=${engine.certFile}`,
      `--passwordeval=echo ${PASSWORD}`,
      '--auth=plain',
      '--keep=on',
      '--received-header=off',
    ];
    await run('mpop', [
      '--file=/dev/null',
      ...account,
      ...rest,
      `--uidls-file=${join(folder, 'uidls')}`,
      `--delivery=maildir,${maildir}`,
    ]);
    const names = await readdir(join(maildir, 'new'));
    const fetched = await Promise.all(names.map((name) => readFile(join(maildir, 'new', name))));
    expectAllFetched(fetched, sent.map(lineFeeds));
  });

  test.skipIf(!has('fetchmail'))('fetchmail empties the whole mailbox by IMAP', async () => {
    const out = join(folder, 'fetchmail');
    await mkdir(out);
    const config = join(folder, 'fetchmailrc');
    await writeFile(
      config,
      `set invisible
poll 127.0.0.1 protocol imap service ${engine.ports.imaps}
  user "${user}" password "${PASSWORD}" ssl sslcertck sslcertfile "${engine.certFile}" sslcommonname mx.harbour.example fetchall no rewrite
  mda "cat > $(mktemp ${out}/XXXXXXXX)"\n`,
      { mode: 0o600 },
    );
    await run('fetchmail', ['-f', config, '--silent', '--pidfile', join(folder, 'fetchmail.pid')], {
      FETCHMAILHOME: folder,
      HOME: folder,
    });
    const fetched = await Promise.all((await readdir(out)).map((name) => readFile(join(out, name))));
    expectAllFetched(fetched, sent.map(lineFeeds));
  });
});
