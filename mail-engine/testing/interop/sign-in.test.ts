/** Debian's mail programs sign in by every mechanism they have, each over the protocols it speaks. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImapFlow } from 'imapflow';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { createAccount } from '#server/accounts/create-account.ts';
import { SYSTEM } from '#server/actor/actor.ts';
import { createAppPassword } from '#server/app-passwords/create-app-password.ts';
import { createAccessTokens } from '#server/auth/access-token.ts';
import { createWebSession } from '#server/auth/web-session.ts';
import { createPrisma } from '#server/database/prisma.ts';
import { createDomain } from '#server/domains/create-domain.ts';
import { updateSetting } from '#server/settings/update-setting.ts';
import { type EngineProcess, startEngineProcess, TEST_SECRET } from '../engine-process.ts';
import { has, run } from './programs.ts';
import { openWithoutOauthBearer } from './without-oauthbearer.ts';

const PASSWORD = 'interop-lantern-42-harbour';
const USER = 'ann@sign-in.example';
let database: TestDatabase;
let engine: EngineProcess;
let folder: string;
let appPassword: string;
/** Of a web session, as webmail has it. */
let token: string;

async function createHosted(): Promise<void> {
  const db = createPrisma(database.url, 2);
  const context = { db, actor: SYSTEM, now: () => new Date(), secret: TEST_SECRET };
  await updateSetting(context, { key: 'auth.cramMd5', value: true });
  const { id: domainId } = await createDomain(context, { name: 'sign-in.example' });
  const { account } = await createAccount(context, { domainId, localPart: 'ann', password: PASSWORD });
  const actor = {
    kind: 'mailbox-owner',
    accountId: BigInt(account.id),
    domainId: BigInt(domainId),
    label: USER,
  } as const;
  const given = { label: 'Phone', scopes: ['imap', 'smtp', 'pop3'], expiresInDays: null } as const;
  const made = await createAppPassword({ ...context, actor }, { ...given, scopes: [...given.scopes] });
  appPassword = made.secret;
  const session = await createWebSession(context, { accountId: actor.accountId }, {});
  const tokens = createAccessTokens({ secret: TEST_SECRET, now: context.now });
  token = await tokens.issueAccessToken({ sessionId: session.id, accountId: account.id });
  await db.$disconnect();
}

beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  await createHosted();
  engine = await startEngineProcess({ databaseUrl: database.url });
  folder = await mkdtemp(join(tmpdir(), 'mailstead-sign-in-'));
});
afterAll(async () => {
  await engine.end('SIGTERM');
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

describe.skipIf(!has('gsasl'))('GNU SASL', () => {
  const gsasl = async (protocol: 'smtp' | 'imap', mechanism: string, password = PASSWORD, more: string[] = []) => {
    const port = protocol === 'smtp' ? engine.ports.submission : engine.ports.imap;
    const target = [`--${protocol}`, '--connect', `localhost:${port}`, '--starttls', '--hostname', 'localhost'];
    const trust = [`--x509-ca-file=${engine.certFile}`];
    const who = ['--authentication-id', USER, '--password', password, '--mechanism', mechanism, ...more];
    return (await run('sh', ['-c', 'exec gsasl "$@" </dev/null 2>&1', 'sh', ...target, ...trust, ...who])).toString();
  };

  test.each(['smtp', 'imap'] as const)(
    'signs in over %s, bound to TLS, and trusts us for our proof',
    async (protocol) => {
      const said = await gsasl(protocol, 'SCRAM-SHA-256-PLUS');
      expect(said).toContain('Client authentication finished (server trusted)');
      expect(said).toContain(Buffer.from('p=tls-exporter,,').toString('base64').slice(0, 20)); // its first message
      expect(await gsasl(protocol, 'SCRAM-SHA-256', PASSWORD, ['--no-cb'])).toContain('server trusted');
      expect(await gsasl(protocol, 'CRAM-MD5')).toContain('server trusted');
      expect(await gsasl(protocol, 'PLAIN')).toContain('server trusted');
      expect(await gsasl(protocol, 'LOGIN')).toContain('server trusted');
    },
  );

  test('signs in with an app password, bound to TLS', async () => {
    expect(await gsasl('imap', 'SCRAM-SHA-256-PLUS', appPassword)).toContain('server trusted');
  });

  test('is refused with another password', async () => {
    for (const mechanism of ['SCRAM-SHA-256-PLUS', 'CRAM-MD5', 'PLAIN']) {
      await expect(gsasl('smtp', mechanism, 'not this')).rejects.toThrow(/535 5\.7\.8/);
    }
  });
});

describe.skipIf(!has('curl')).each(['OAUTHBEARER', 'XOAUTH2'])('curl, with a token by %s', (mechanism) => {
  const curl = async (protocol: 'smtp' | 'imap' | 'pop3', bearer: string, more: readonly string[] = []) => {
    const who = ['--user', USER, '--oauth2-bearer', bearer];
    const ask = async (port: number, how: readonly string[]) =>
      (await run('curl', ['-sSv', ...who, ...how, ...more, `${protocol}://localhost:${port}/`])).toString();
    const tls = protocol === 'smtp' ? engine.ports.submissions : engine.ports[`${protocol}s`];
    const clear = protocol === 'smtp' ? engine.ports.submission : engine.ports[protocol];
    if (mechanism === 'OAUTHBEARER') return ask(clear, ['--ssl-reqd', '--cacert', engine.certFile]);
    const wire = await openWithoutOauthBearer(tls, await readFile(engine.certFile, 'utf8'));
    return ask(wire.port, []).finally(wire.close);
  };

  test.each([
    ['smtp', ['--request', 'NOOP'], 'AUTH', '< 250 2.0.0 '],
    ['imap', ['--request', 'SELECT INBOX'], 'AUTHENTICATE', 'OK [READ-WRITE]'],
    ['pop3', [], 'AUTH', '> LIST'],
  ] as const)('signs in over %s, with an initial response and without', async (protocol, request, verb, answer) => {
    for (const initial of [[], ['--sasl-ir']]) {
      const said = await curl(protocol, token, ['--stderr', '-', ...initial, ...request]);
      expect(said).toContain(` ${verb} ${mechanism}`);
      expect(said).toContain(answer);
    }
  });

  test.each([
    ['smtp', '< 535 5.7.8 '],
    ['imap', ' NO [AUTHENTICATIONFAILED] '],
    ['pop3', '< -ERR [AUTH] '],
  ] as const)('is refused over %s with another token', async (protocol, refusal) => {
    const refused = await curl(protocol, `${token.slice(0, -8)}AAAAAAAA`).catch(String);
    expect(refused).toContain(Buffer.from('{"status":"invalid_token",').toString('base64').slice(0, 32));
    expect(refused).toContain('curl: (67) Login denied');
    // With XOAUTH2 it leaves at the challenge.
    if (mechanism === 'OAUTHBEARER') expect(refused).toContain(refusal);
  });
});

test.skipIf(!has('swaks')).each(['PLAIN', 'LOGIN', 'CRAM-MD5'])('swaks signs in by %s', async (mechanism) => {
  const target = ['--server', '127.0.0.1', '--port', String(engine.ports.submission), '--tls', '--quit-after', 'AUTH'];
  const who = ['--auth', mechanism, '--auth-user', USER, '--auth-password', PASSWORD, '--from', USER, '--to', USER];
  expect((await run('swaks', [...target, ...who])).toString()).toMatch(/<~ {2}235 2\.7\.0 /);
});

/** Python picks CRAM-MD5 by itself where it is offered. */
const PYTHON = `
import imaplib, poplib, smtplib, ssl, sys
ca, user, password, smtp, imap, pop3 = sys.argv[1:]
context = ssl.create_default_context(cafile=ca)
for initial in (True, False):
    client = smtplib.SMTP('localhost', int(smtp))
    client.starttls(context=context)
    client.ehlo()
    client.user, client.password = user, password
    for name in ('CRAM-MD5', 'PLAIN', 'LOGIN'):
        begin = getattr(client, 'auth_' + name.lower().replace('-', '_'))
        assert client.auth(name, begin, initial_response_ok=initial)[0] == 235
        client.quit()
        client = smtplib.SMTP('localhost', int(smtp))
        client.starttls(context=context)
        client.ehlo()
        client.user, client.password = user, password
for sign_in in ('login', 'login_cram_md5'):
    client = imaplib.IMAP4('localhost', int(imap))
    client.starttls(context)
    assert getattr(client, sign_in)(user, password)[0] == 'OK'
client = poplib.POP3('localhost', int(pop3))
client.stls(context)
client.user(user)
assert client.pass_(password).startswith(b'+OK')
print('signed in')
`;

test.skipIf(!has('python3'))('Python’s own modules sign in', async () => {
  const { submission, imap, pop3 } = engine.ports;
  const said = await run('python3', [
    '-c',
    PYTHON,
    engine.certFile,
    USER,
    PASSWORD,
    ...[submission, imap, pop3].map(String),
  ]);
  expect(said.toString()).toBe('signed in\n');
});

test('nodemailer and imapflow sign in with an app password', async () => {
  const tls = { ca: await readFile(engine.certFile, 'utf8'), servername: 'localhost' };
  const transport = createTransport({
    host: '127.0.0.1',
    port: engine.ports.submission,
    requireTLS: true,
    tls,
    auth: { user: USER, pass: appPassword },
  });
  expect(await transport.verify()).toBe(true);
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: engine.ports.imap,
    doSTARTTLS: true,
    tls,
    auth: { user: USER, pass: appPassword },
    logger: false,
  });
  await client.connect();
  expect(client.authenticated).toBe(true);
  await client.logout();
});

const PROGRAM_MECHANISMS = ['scram-sha-256', 'cram-md5', 'plain', 'login'];

test.skipIf(!has('msmtp')).each(PROGRAM_MECHANISMS)('msmtp signs in by %s', async (mechanism) => {
  const target = [
    '--host=localhost',
    `--port=${engine.ports.submission}`,
    '--tls=on',
    `--tls-trust-file=${engine.certFile}`,
  ];
  const who = [`--auth=${mechanism}`, `--user=${USER}`, `--from=${USER}`, `--passwordeval=echo ${PASSWORD}`];
  const message = `From: ${USER}\\nTo: ${USER}\\nSubject: by ${mechanism}\\n\\nhi\\n`;
  const command = `printf '${message}' | exec msmtp "$@"`;
  await run('sh', ['-c', command, 'sh', ...target, ...who, USER]);
});

test.skipIf(!has('mpop')).each([...PROGRAM_MECHANISMS, 'user'])('mpop signs in by %s', async (mechanism) => {
  const target = ['--host=localhost', `--port=${engine.ports.pop3}`, '--tls=on', `--tls-trust-file=${engine.certFile}`];
  const who = [`--auth=${mechanism}`, `--user=${USER}`, `--passwordeval=echo ${PASSWORD}`];
  const keep = [
    `--uidls-file=${join(folder, `uidls-${mechanism}`)}`,
    `--deliver=mbox,${join(folder, 'mbox')}`,
    '--keep=on',
  ];
  await run('mpop', [...target, ...who, ...keep]);
});
