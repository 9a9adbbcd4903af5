/** RCPT for postmaster in all its spellings (RFC 5321 §4.1.1.3, §4.5.1): who gets it, and who is refused. */
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { ManualClock } from '#engine/testing/manual-clock.ts';
import { createAccount } from '#server/accounts/create-account.ts';
import { SYSTEM } from '#server/actor/actor.ts';
import { createForward } from '#server/addresses/create-forward.ts';
import { createDomain } from '#server/domains/create-domain.ts';
import type { Context } from '#server/operation.ts';
import { type MailServer, openMailServer, PASSWORD } from './testing/open-mail-server.ts';
import { OutsideClients } from './testing/outside-clients.ts';

const STRANGER = '45.4.0.1';
const TRUSTED = '45.4.0.2';
const SMARTHOST = '45.4.0.3';
const UNKNOWN = '550 5.1.1 sorry, no mailbox here by that name (chkuser)';
const RELAYING = "553 5.7.1 sorry, that domain isn't in my list of allowed rcpthosts (chkuser)";
const CIRCULAR = '554 5.4.6 sorry, this address leads back to itself (chkuser)';
const OK = '250 2.1.5 Recipient ok';

let server: MailServer;
let clients: OutsideClients;
let context: Context;
const clock = new ManualClock();

/** Hosted besides one.example, whose postmaster is ann: bare.example has no address at all, caught.example a catch-all. */
beforeAll(async () => {
  server = await openMailServer(inject('clusterUrl'), { proxied: true, now: () => clock.now(), timers: clock });
  clients = new OutsideClients(server, clock);
  context = { db: server.db, actor: SYSTEM, now: () => clock.now() };
  await createDomain(context, { name: 'bare.example' });
  const { id } = await createDomain(context, { name: 'caught.example' });
  const catchAllAccountId = BigInt(server.accounts.ben ?? 0);
  await server.db.domain.update({ where: { id: BigInt(id) }, data: { catchAllAccountId } });
  await clients.useRules(`${TRUSTED}:allow,RELAYCLIENT=""\n${SMARTHOST}:allow,RELAYCLIENT="@gateway.example"`);
});
afterEach(() => {
  server.postmaster.address = '';
});
afterAll(async () => {
  clients.cut();
  await server.close();
});

const rcpt = async (path: string, from = STRANGER) => (await clients.addressed(from)).ask(`RCPT TO:<${path}>`);

/** The reply to RCPT, and to the message where there is one. */
async function write(path: string, from = STRANGER): Promise<string> {
  const client = await clients.addressed(from);
  const answer = await client.ask(`RCPT TO:<${path}>`);
  if (!answer.startsWith('250 ')) return answer;
  await client.ask('DATA');
  return client.ask('Subject: to the postmaster\r\n\r\nhi\r\n.');
}

const lastOf = async (name: string) => (await server.readInbox(name)).at(-1) ?? '';
const queued = async () => (await server.pool.query('SELECT recipient, destination FROM queue_entry ORDER BY id')).rows;

const HOST_SPELLINGS = [
  'postmaster',
  'Postmaster',
  'POSTMASTER',
  'postmaster@mx.test',
  'PostMaster@MX.test',
  '"postmaster"@mx.test',
  '@relay.example:postmaster',
  'postmaster@[127.0.0.1]',
  'PostMaster@[192.0.2.1]',
  'postmaster@[IPv6:2001:DB8::1]',
];
const DOMAIN_SPELLINGS = ['postmaster@bare.example', 'POSTMASTER@Bare.Example', '"PostMaster"@bare.example'];

describe('where the setting names a mailbox here', () => {
  test.each([...HOST_SPELLINGS, ...DOMAIN_SPELLINGS])('<%s> is in its INBOX', async (path) => {
    server.postmaster.address = 'carl@one.example';
    const before = (await server.readInbox('carl')).length;
    expect(await write(path)).toMatch(/^250 2\.0\.0 /);
    expect(await server.readInbox('carl')).toHaveLength(before + 1);
    const host = path.includes('are.') ? 'bare.example' : 'mx.test';
    expect(await lastOf('carl')).toMatch(new RegExp(`\r\nDelivered-To: postmaster@${host}\r\n`, 'i'));
    expect(await queued()).toEqual([]);
  });

  test('an address of the domain’s own goes first, and then its catch-all', async () => {
    server.postmaster.address = 'carl@one.example';
    const before = (await server.readInbox('carl')).length;
    expect(await write('postmaster@one.example')).toMatch(/^250 /);
    expect(await lastOf('ann')).toMatch(/\r\nDelivered-To: postmaster@one\.example\r\n/);
    expect(await write('postmaster@caught.example')).toMatch(/^250 /);
    expect(await lastOf('ben')).toMatch(/\r\nDelivered-To: postmaster@caught\.example\r\n/);
    expect(await server.readInbox('carl')).toHaveLength(before);
  });

  test('who stands in may be full, suspended or over its limit like anybody', async () => {
    server.postmaster.address = 'away@one.example';
    expect(await rcpt('postmaster')).toBe('550 5.2.1 sorry, this mailbox is disabled (chkuser)');
    server.postmaster.address = 'full@one.example';
    server.checkSettings.receive.perHour = 1;
    expect(await write('postmaster')).toMatch(/^250 /);
    expect(await rcpt('postmaster')).toMatch(/^450 4\.2\.1 /);
    server.checkSettings.receive.perHour = 0;
    const where = { id: BigInt(server.accounts.full ?? 0) };
    await server.db.account.update({ where, data: { quotaBytes: 1n } });
    await vi.waitFor(async () => expect(await rcpt('postmaster')).toMatch(/^452 4\.2\.2 /), { timeout: 10_000 });
  });

  test('other names of the host and of its domains are as unknown as ever', async () => {
    server.postmaster.address = 'carl@one.example';
    expect(await rcpt('root@mx.test')).toBe(RELAYING);
    expect(await rcpt('root@[192.0.2.1]')).toBe(RELAYING);
    expect(await rcpt('postmaster@elsewhere.example')).toBe(RELAYING);
    expect(await rcpt('postmasters@bare.example')).toBe(UNKNOWN);
    expect(await rcpt('root')).toBe('550 5.1.2 sorry, you must specify a domain (chkuser)');
  });
});

describe('where the setting names an address elsewhere', () => {
  afterEach(() => server.pool.query('DELETE FROM queue_message'));

  test.each(['Postmaster', 'postmaster@mx.test', 'postmaster@[192.0.2.1]', 'postmaster@bare.example'])(
    '<%s> is for the queue to forward',
    async (path) => {
      server.postmaster.address = 'admin@far.example';
      expect(await write(path)).toMatch(/^250 2\.0\.0 /);
      const destination = path.includes('bare') ? 'bare.example' : 'mx.test';
      const [entry, ...others] = await queued();
      expect({ ...entry, recipient: entry.recipient.toLowerCase() }).toEqual({
        recipient: `postmaster@${destination}`,
        destination,
      });
      expect(others).toEqual([]);
    },
  );

  test('what comes back from there is refused', async () => {
    server.postmaster.address = 'admin@far.example';
    const client = await clients.addressed(STRANGER);
    expect(await client.ask('RCPT TO:<postmaster>')).toBe(OK);
    await client.ask('DATA');
    expect(await client.ask('Delivered-To: Postmaster@mx.test\r\n\r\nhi\r\n.')).toMatch(/^554 5\.4\.6 /);
  });

  test('nobody else is relayed to', async () => {
    server.postmaster.address = 'admin@far.example';
    expect(await rcpt('admin@far.example')).toBe(RELAYING);
    expect(await rcpt('"postmaster@far.example"@mx.test')).toBe(RELAYING);
    expect(await rcpt('postmaster%far.example@bare.example')).toBe(UNKNOWN);
  });
});

describe('where the setting leads nowhere', () => {
  test.each([
    ['nobody@one.example', UNKNOWN],
    ['admin@mx.test', UNKNOWN],
    ['postmaster@mx.test', UNKNOWN],
    ['postmaster@bare.example', CIRCULAR],
  ])('%s is refused at once, and not sent round', async (address, answer) => {
    server.postmaster.address = address;
    for (const path of ['postmaster', 'postmaster@mx.test', 'postmaster@bare.example']) {
      expect(await rcpt(path)).toBe(answer);
      expect(await rcpt(path, TRUSTED)).toBe(answer);
    }
  });

  test('nor does a forward that comes round to it', async () => {
    const { id: domainId } = await createDomain(context, { name: 'round.example' });
    await createForward(context, { domainId, localPart: 'desk', destinations: ['postmaster@bare.example'] });
    server.postmaster.address = 'desk@round.example';
    await vi.waitFor(async () => expect(await rcpt('postmaster')).toBe(CIRCULAR), { timeout: 10_000 });
    server.postmaster.address = 'carl@one.example';
    expect(await rcpt('desk@round.example')).toBe(OK);
  });
});

describe('where the setting is empty', () => {
  test.each(['postmaster', 'POSTMASTER', 'postmaster@[192.0.2.1]'])('<%s> is no mailbox here', async (path) => {
    for (const from of [STRANGER, TRUSTED]) {
      const mine = from === TRUSTED ? path.replace('192.0.2.1', '127.0.0.1') : path;
      expect(await rcpt(mine, from)).toBe(UNKNOWN);
    }
  });

  test('the host’s own name is as any other', async () => {
    expect(await rcpt('postmaster@mx.test')).toBe(RELAYING);
    expect(await rcpt('postmaster@bare.example')).toBe(UNKNOWN);
    expect(await rcpt('postmaster@one.example')).toBe(OK);
  });

  test('refusals count as wrong recipients', async () => {
    server.checkSettings.thresholds.wrong = 2;
    const client = await clients.addressed(STRANGER);
    expect(await client.ask('RCPT TO:<postmaster>')).toBe(UNKNOWN);
    const idle = clock.timers;
    client.send('RCPT TO:<postmaster>\r\n');
    await expect.poll(() => clock.timers).toBe(idle + 1);
    clock.advance(1_000);
    expect(await client.reply()).toBe(UNKNOWN);
    server.checkSettings.thresholds.wrong = 20;
  });
});

describe('for a client that may relay', () => {
  test('a literal that is not this host’s is another host’s', async () => {
    server.postmaster.address = 'carl@one.example';
    expect(await rcpt('postmaster@[127.0.0.1]', TRUSTED)).toBe(OK);
    expect(await rcpt('postmaster@[192.0.2.1]', TRUSTED)).toBe('550 5.1.2 No mail is sent to that domain');
  });

  test('RELAYCLIENT’s suffix goes behind postmaster too', async () => {
    expect(await write('postmaster', SMARTHOST)).toMatch(/^250 /);
    expect((await queued()).map(({ destination }) => destination)).toEqual(['gateway.example']);
    await server.pool.query('DELETE FROM queue_message');
  });
});

test('where the host’s name is a hosted domain, its own address goes first', async () => {
  const { id: domainId } = await createDomain(context, { name: 'mx.test' });
  server.postmaster.address = 'carl@one.example';
  const isCarls = async () => {
    expect(await write('postmaster')).toMatch(/^250 /);
    return (await lastOf('carl')).includes('Delivered-To: postmaster@mx.test');
  };
  expect(await isCarls()).toBe(true);
  const { account } = await createAccount(context, { domainId, localPart: 'root', password: PASSWORD });
  const before = (await server.readInbox('carl')).length;
  const inbox = async () => {
    const folder = await server.store.findFolder(Number(account.id), 'INBOX');
    const view = await server.store.openView(Number(account.id), folder?.id ?? 0);
    const { length } = view.entries;
    view.release();
    return length;
  };
  server.postmaster.address = '';
  await vi.waitFor(async () => expect(await write('postmaster')).toMatch(/^250 /), { timeout: 10_000 });
  server.postmaster.address = 'carl@one.example';
  expect(await write('PostMaster@mx.test')).toMatch(/^250 /);
  expect(await inbox()).toBe(2);
  expect(await server.readInbox('carl')).toHaveLength(before);
});
