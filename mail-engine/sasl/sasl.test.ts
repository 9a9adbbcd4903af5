import { createHash, createHmac } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { PASSWORD as IMAP_PASSWORD, type ImapServer, openImapServer } from '#engine/imap/testing/open-imap-server.ts';
import { LineClient } from '#engine/net/testing/line-client.ts';
import { type MailServer, openMailServer, PASSWORD, SECRET } from '#engine/smtp/testing/open-mail-server.ts';
import { deriveCramMd5Key, sealCramMd5 } from '#server/auth/cram-md5.ts';
import { DIALECTS, exchange, type Protocol, type Step } from './testing/dialects.ts';
import { ScramClient, type ScramClientOptions } from './testing/scram-client.ts';

const PROTOCOLS: readonly Protocol[] = ['smtp', 'imap', 'pop3'];
let mail: MailServer;
let imap: ImapServer;
let clients: LineClient[];

beforeAll(async () => {
  mail = await openMailServer(inject('clusterUrl'), {
    smtpLimits: { failedLogins: 100 },
    pop3Limits: { failedLogins: 100 },
  });
  imap = await openImapServer(inject('clusterUrl'), {
    limits: { maxAuthFailures: 100 },
    signIn: { cramMd5: true },
  });
  mail.signInSettings.cramMd5 = true;
  const cramMd5 = sealCramMd5(deriveCramMd5Key(SECRET), PASSWORD);
  await mail.db.account.updateMany({ data: { cramMd5 } });
  const imapKey = sealCramMd5(deriveCramMd5Key(SECRET), IMAP_PASSWORD);
  await imap.pool.query('UPDATE account SET cram_md5 = $1', [Buffer.from(imapKey)]);
});
afterAll(async () => {
  await mail.close();
  await imap.close();
});
beforeEach(async () => {
  clients = [];
  await mail.db.loginFailure.deleteMany();
  await imap.pool.query('DELETE FROM login_failure');
});
afterEach(() => {
  for (const client of clients) client.cut();
});

const loginOf = (protocol: Protocol) => (protocol === 'imap' ? imap.address : 'ann@one.example');
const passwordOf = (protocol: Protocol) => (protocol === 'imap' ? IMAP_PASSWORD : PASSWORD);

/** In TLS, after the greeting. */
async function connect(protocol: Protocol, options: { tlsVersion?: 'TLSv1.2' } = {}): Promise<LineClient> {
  const port = { smtp: mail.ports.submissions, imap: imap.tlsPort, pop3: mail.ports.pop3s }[protocol];
  const client = await LineClient.connect(port, { tls: true, ...options });
  clients.push(client);
  await client.line();
  if (protocol === 'smtp') await client.ask('EHLO laptop.example');
  return client;
}

const exporter = (client: LineClient) =>
  (client.socket as TLSSocket).exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
const endPoint = (client: LineClient) => {
  const { raw } = (client.socket as TLSSocket).getPeerCertificate();
  return createHash('sha256').update(raw).digest();
};

interface ScramRun extends Partial<ScramClientOptions> {
  mechanism?: string;
  /** Last answer; empty unless the client misbehaves. */
  last?: Step;
}

async function scram(
  protocol: Protocol,
  client: LineClient,
  { mechanism = 'SCRAM-SHA-256', last, ...given }: ScramRun,
) {
  const options = { login: loginOf(protocol), password: passwordOf(protocol), ...given };
  const scramClient = new ScramClient(options);
  const proofs: boolean[] = [];
  const steps: Step[] = [
    (first) => scramClient.final(first),
    (final) => {
      proofs.push(scramClient.isServer(final));
      return last ? last(final) : '';
    },
  ];
  const verdict = await exchange(client, protocol, { mechanism, initial: scramClient.first(), steps });
  return { verdict, proofs };
}

describe.each(PROTOCOLS)('%s', (protocol) => {
  const { success } = DIALECTS[protocol];
  const cancelled = { smtp: '501 5.7.0 ', imap: 'a1 BAD ', pop3: '-ERR ' }[protocol];
  const malformed = { smtp: '501 5.5.2 ', imap: 'a1 BAD ', pop3: '-ERR ' }[protocol];
  const wrong = { smtp: '535 5.7.8 ', imap: 'a1 NO [AUTHENTICATIONFAILED]', pop3: '-ERR [AUTH]' }[protocol];
  const throttled = { smtp: '454 4.7.0 ', imap: 'a1 NO [UNAVAILABLE]', pop3: '-ERR [SYS/TEMP]' }[protocol];
  const run = async (options: ScramRun) => scram(protocol, await connect(protocol), options);

  test('SCRAM-SHA-256 signs in, and the server proves itself', async () => {
    const { verdict, proofs } = await run({});
    expect(verdict).toMatch(success);
    expect(proofs).toEqual([true]);
  });

  test('SCRAM without an initial response is asked for it', async () => {
    const client = await connect(protocol);
    const scramClient = new ScramClient({ login: loginOf(protocol), password: passwordOf(protocol) });
    const steps: Step[] = [() => scramClient.first(), (first) => scramClient.final(first), () => ''];
    expect(await exchange(client, protocol, { mechanism: 'scram-sha-256', steps })).toMatch(success);
  });

  test('SCRAM-SHA-256-PLUS signs in, bound by tls-exporter or tls-server-end-point', async () => {
    for (const [type, binding] of [
      ['tls-exporter', exporter],
      ['tls-server-end-point', endPoint],
    ] as const) {
      const client = await connect(protocol);
      const bound = { mechanism: 'SCRAM-SHA-256-PLUS', header: `p=${type},,`, binding: binding(client) };
      expect(await scram(protocol, client, bound)).toMatchObject({
        verdict: expect.stringContaining(success),
        proofs: [true],
      });
    }
  });

  test.each<[string, ScramRun]>([
    [
      'bound to another connection',
      { mechanism: 'SCRAM-SHA-256-PLUS', header: 'p=tls-exporter,,', binding: Buffer.alloc(32) },
    ],
    [
      'bound by a type that is not known',
      { mechanism: 'SCRAM-SHA-256-PLUS', header: 'p=tls-unique,,', binding: Buffer.alloc(12) },
    ],
    ['that claims to bind and does not', { mechanism: 'SCRAM-SHA-256-PLUS', header: 'n,,' }],
    ['that binds under the wrong name', { header: 'p=tls-exporter,,', binding: Buffer.alloc(32) }],
    ['whose client was told that nothing can be bound', { header: 'y,,' }],
    ['with another header in its end than in its beginning', { alter: (final) => final.replace('c=biws', 'c=eSws') }],
    ['with another nonce', { alter: (final) => final.replace(/r=[^,]+/, '$&x') }],
    ['for somebody else', { header: 'n,a=ben@one.example,' }],
    ['with another password', { password: 'not this' }],
  ])('SCRAM %s fails', async (_, options) => {
    expect((await run(options)).verdict).toContain(wrong);
  });

  test.each<[string, ScramRun, string]>([
    ['a final message out of shape', { alter: () => 'c=biws' }, malformed],
    ['no base64', { alter: () => '*' }, malformed],
    ['something after the server’s signature', { last: () => Buffer.from('more') }, malformed],
    ['a doubt about the server', { last: () => '*' }, cancelled],
  ])('SCRAM with %s does not sign in', async (_, options, answer) => {
    const client = await connect(protocol);
    expect((await scram(protocol, client, options)).verdict).toContain(answer);
    expect((await scram(protocol, client, {})).verdict).toContain(success);
  });

  test('SCRAM that is broken off after the salt counts as a failure', async () => {
    const client = await connect(protocol);
    for (let index = 0; index < 5; index += 1) {
      const initial = new ScramClient({ login: loginOf(protocol), password: '' }).first();
      const broken = exchange(client, protocol, { mechanism: 'SCRAM-SHA-256', initial, steps: [() => '*'] });
      expect(await broken).toContain(cancelled);
    }
    expect((await scram(protocol, client, {})).verdict).toContain(throttled);
  });

  test('CRAM-MD5 signs in where a key is kept', async () => {
    const answer = (password: string) => (challenge: Buffer) => {
      expect(challenge.toString()).toMatch(/^<[0-9a-f]{32}@(mx|mail)\.test>$/);
      const digest = createHmac('md5', password).update(challenge).digest('hex');
      return Buffer.from(`${loginOf(protocol)} ${digest}`);
    };
    const client = await connect(protocol);
    const cram = { mechanism: 'CRAM-MD5' };
    expect(await exchange(client, protocol, { ...cram, steps: [answer('not this')] })).toContain(wrong);
    expect(await exchange(client, protocol, { ...cram, steps: [() => Buffer.from('ann')] })).toContain(malformed);
    expect(await exchange(client, protocol, { ...cram, initial: Buffer.from('ann'), steps: [] })).toContain(malformed);
    expect(await exchange(client, protocol, { ...cram, steps: [answer(passwordOf(protocol))] })).toContain(success);
  });

  test('LOGIN takes the name at once or when asked, and an empty one is wrong', async () => {
    const name = Buffer.from(loginOf(protocol));
    const password = Buffer.from(passwordOf(protocol));
    const login = { mechanism: 'LOGIN' };
    const client = await connect(protocol);
    expect(await exchange(client, protocol, { ...login, initial: Buffer.alloc(0), steps: [() => password] })).toContain(
      wrong,
    );
    expect(await exchange(client, protocol, { ...login, steps: [() => name, () => password] })).toContain(success);
    const other = await connect(protocol);
    expect(await exchange(other, protocol, { ...login, initial: name, steps: [() => password] })).toContain(success);
  });
});

test('what is offered is what can be used', async () => {
  const offered = 'SCRAM-SHA-256-PLUS SCRAM-SHA-256 CRAM-MD5 PLAIN LOGIN OAUTHBEARER XOAUTH2';
  const [smtp, over, pop3] = [await connect('smtp'), await connect('imap'), await connect('pop3')];
  expect(await smtp.ask('EHLO x')).toContain(`AUTH ${offered}`);
  over.send('a capability\r\n');
  expect(await over.line()).toContain(
    offered
      .split(' ')
      .map((name) => `AUTH=${name}`)
      .join(' '),
  );
  pop3.send('CAPA\r\n');
  await pop3.line();
  expect(await pop3.dotLines()).toContain(`SASL ${offered}`);
  mail.signInSettings.cramMd5 = false;
  expect(await smtp.ask('EHLO x')).not.toContain('CRAM-MD5');
  expect(await smtp.ask('AUTH CRAM-MD5')).toBe('504 5.5.4 Mechanism not offered');
  mail.signInSettings.cramMd5 = true;
});

test('nothing is bound before TLS 1.3, and a client that could bind is not refused there', async () => {
  const client = await connect('smtp', { tlsVersion: 'TLSv1.2' });
  expect(await client.ask('EHLO x')).toContain('AUTH SCRAM-SHA-256 CRAM-MD5');
  expect(await client.ask('AUTH SCRAM-SHA-256-PLUS')).toBe('504 5.5.4 Mechanism not offered');
  expect((await scram('smtp', client, { header: 'y,,' })).verdict).toMatch(/^235 /);
});

test('in clear nothing but what cannot bind is offered, and only on loopback where a setting says so', async () => {
  const client = await mail.connect('submission');
  clients.push(client);
  await client.line();
  expect(await client.ask('EHLO x')).not.toContain('AUTH');
  mail.signInSettings.clearOnLoopback = true;
  expect(await client.ask('EHLO x')).toContain('AUTH SCRAM-SHA-256 CRAM-MD5 PLAIN');
  expect(await client.ask('AUTH SCRAM-SHA-256-PLUS')).toBe('504 5.5.4 Mechanism not offered');
  const { verdict } = await scram('smtp', client, { header: 'y,,' });
  expect(verdict).toMatch(/^235 /);
  mail.signInSettings.clearOnLoopback = false;
});
