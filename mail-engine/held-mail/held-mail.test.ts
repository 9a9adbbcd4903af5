import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { createResolver } from '#engine/dns/resolver.ts';
import type { DnsResolver } from '#engine/dns/types.ts';
import { createQueueRunner, type QueueRunner } from '#engine/queue/runner.ts';
import { type MailServer, openMailServer, PASSWORD } from '#engine/smtp/testing/open-mail-server.ts';
import { startDnsServer, type TestDnsServer } from '#engine/testing/dns-server.ts';
import { ManualClock } from '#engine/testing/manual-clock.ts';
import { type ScriptedMx, startScriptedMx } from '#engine/testing/scripted-mx.ts';
import { createDirectory } from '#server/directory/create-directory.ts';
import type { Directory } from '#server/directory/types.ts';
import { deleteHeld } from '#server/held-mail/delete-held.ts';
import { listHeld } from '#server/held-mail/list-held.ts';
import { listHeldMessages } from '#server/held-mail/list-held-messages.ts';
import { releaseHeld } from '#server/held-mail/release-held.ts';
import { releaseEntries } from '#server/queue/release-entries.ts';
import { resolveSettings } from '#server/settings/resolve-settings.ts';
import { outcomeOf } from '#server/testing/refusal.ts';
import { contextOf } from '#server/testing/tenants.ts';
import { createHoldKeeper, type HoldKeeper } from './hold-keeper.ts';

let server: MailServer;
let dns: TestDnsServer;
let resolver: DnsResolver;
let directory: Directory;
let mx: ScriptedMx;
let runner: QueueRunner;
let keeper: HoldKeeper;
let clock: ManualClock;
const asAdmin = () => contextOf(server.db);

beforeAll(async () => {
  server = await openMailServer(inject('clusterUrl'));
  dns = await startDnsServer();
  directory = await createDirectory({ pool: server.pool, listenUrl: server.url });
  await server.pool.query(
    `WITH o AS (INSERT INTO operator (email, name, role) VALUES ('boss@there.test', 'Boss', 'domain_owner') RETURNING id)
     UPDATE domain SET owner_id = o.id FROM o WHERE name = 'one.example'`,
  );
});
afterAll(async () => {
  await directory.close();
  await dns.close();
  await server.close();
});
beforeEach(async () => {
  for (const table of ['queue_message', 'send_hold', 'send_usage', 'send_recipient', 'send_limit']) {
    await server.pool.query(`DELETE FROM ${table}`);
  }
  server.sendLimits.messagesPerHour = 0;
  dns.zone['there.test'] = { MX: [[10, 'mx.there.test']] };
  dns.zone['mx.there.test'] = { A: ['127.0.0.1'] };
  clock = new ManualClock(new Date(Date.now() + 60_000));
  resolver = createResolver({ servers: [dns.server], clock, timeoutMs: 300, tries: 1 });
  mx = await startScriptedMx();
  runner = createQueueRunner({
    pool: server.pool,
    listenUrl: server.url,
    intake: server.intake,
    directory,
    resolver,
    settings: { get: (key) => resolveSettings([{ key: 'queue.allowPrivateDestinations', value: true }])[key] },
    sendGate: server.sendGate,
    hostname: 'mx.test',
    remotePort: mx.port,
    clock,
  });
  const { pool, intake } = server;
  keeper = createHoldKeeper({
    pool,
    intake,
    hostname: 'mx.test',
    now: clock.now.bind(clock),
    onQueued: () => undefined,
  });
});
afterEach(async () => {
  const closed = runner.close(0);
  clock.advance(0);
  await closed;
  await keeper.close();
  resolver.close();
  await mx.close();
});

async function sendFrom(localPart: string, ...recipients: string[]): Promise<string> {
  const client = await server.connect('submissions');
  await client.reply();
  await client.ask('EHLO laptop.example');
  const plain = Buffer.from(`\0${localPart}@one.example\0${PASSWORD}`).toString('base64');
  expect(await client.ask(`AUTH PLAIN ${plain}`)).toMatch(/^235 /);
  await client.ask(`MAIL FROM:<${localPart}@one.example>`);
  for (const recipient of recipients) expect(await client.ask(`RCPT TO:<${recipient}>`)).toMatch(/^250 /);
  await client.ask('DATA');
  const answer = await client.ask(`From: <${localPart}@one.example>\r\nSubject: a secret\r\n\r\nbody\r\n.`);
  client.cut();
  return answer;
}

const states = async () =>
  (
    await server.pool.query<{ line: string }>(
      `SELECT e.recipient || ' ' || e.state || coalesce(' ' || e.hold_reason, '') AS line FROM queue_entry e ORDER BY e.id`,
    )
  ).rows.map(({ line }) => line);
const delivered = () => mx.messages.flatMap(({ rcpts }) => rcpts.map((line) => line.replace(' NOTIFY=NEVER', '')));
const newMail = async (localPart: string, run: () => Promise<unknown>) => {
  const before = (await server.readInbox(localPart)).length;
  await run();
  return (await server.readInbox(localPart)).slice(before);
};
const idOf = (localPart: string) => String(server.accounts[localPart]);
const REASON = 'Over a sending limit of this mailbox (messages per hour: 1)';

describe('an account that sends more than it may', () => {
  test('is answered 250, its mail is held, owner and host are told once, and what is released arrives', async () => {
    server.sendLimits.messagesPerHour = 1;
    expect(await sendFrom('ann', 'first@there.test')).toMatch(/^250 /);
    expect(await sendFrom('ann', 'second@there.test', 'ben@one.example', 'carl@one.example')).toMatch(
      /^250 2\.0\.0 Ok/,
    );
    expect(await sendFrom('ann', 'third@there.test')).toMatch(/^250 /);
    expect((await states()).slice(1)).toEqual([
      `second@there.test held ${REASON}`,
      `ben@one.example held ${REASON}`,
      `carl@one.example held ${REASON}`,
      `third@there.test held ${REASON}`,
    ]);
    await runner.runDue();
    expect(delivered()).toEqual(['RCPT TO:<first@there.test>']);

    const [notice, ...more] = await newMail('ann', async () => {
      await keeper.run();
      await keeper.run();
    });
    expect(more).toEqual([]);
    expect(notice).toMatch(/^Return-Path: <>\r\nDelivered-To: ann@one\.example\r\n/);
    expect(notice).toContain(`${REASON}.`);
    await runner.runDue();
    expect(delivered()).toEqual(['RCPT TO:<first@there.test>', 'RCPT TO:<boss@there.test>']);
    expect(mx.messages[1]?.bytes.toString()).toContain('Subject: Outgoing mail of ann@one.example is held');

    const { rows } = await listHeld(asAdmin(), {});
    expect(rows).toMatchObject([
      { id: idOf('ann'), messages: 2, recipients: 4, reason: `${REASON}.`, mayRelease: true },
    ]);
    const listed = await listHeldMessages(asAdmin(), { id: idOf('ann') });
    expect(listed).toMatchObject({ total: 2, rows: [{ recipients: ['third@there.test'] }, { recipientCount: 3 }] });
    expect(JSON.stringify(listed)).not.toContain('secret');

    const inBens = await newMail('ben', async () => {
      expect(await releaseHeld(asAdmin(), { ids: [idOf('ann')] })).toMatchObject({ messages: 2 });
      await runner.runDue();
    });
    expect(delivered().slice(2).toSorted()).toEqual(['RCPT TO:<second@there.test>', 'RCPT TO:<third@there.test>']);
    expect(inBens).toHaveLength(1);
    expect(await states()).toEqual([]);
    expect(await sendFrom('ann', 'fourth@there.test')).toMatch(/^250 /);
    expect(await states()).toEqual(['fourth@there.test waiting']);
  });

  test('holds nobody else, and mail to it arrives', async () => {
    server.sendLimits.messagesPerHour = 1;
    await sendFrom('ann', 'first@there.test');
    await sendFrom('ann', 'second@there.test');
    const received = await newMail('ann', () => sendFrom('ben', 'ann@one.example'));
    expect(received).toHaveLength(1);
  });

  test('is refused for the time being once too much of it is held', async () => {
    server.sendLimits.messagesPerHour = 1;
    await sendFrom('ann', 'first@there.test');
    await sendFrom('ann', 'second@there.test');
    await server.pool.query('UPDATE send_hold SET held_messages = 100');
    expect(await sendFrom('ann', 'third@there.test')).toMatch(/^452 4\.7\.1 /);
    expect(await states()).toHaveLength(2);
  });

  test('stays held when what is held is deleted', async () => {
    server.sendLimits.messagesPerHour = 1;
    await sendFrom('ann', 'first@there.test');
    await sendFrom('ann', 'second@there.test');
    expect(await deleteHeld(asAdmin(), { ids: [idOf('ann')] })).toMatchObject({ messages: 1 });
    expect(await states()).toEqual(['first@there.test waiting']);
    await sendFrom('ann', 'third@there.test');
    expect((await states()).at(-1)).toBe(`third@there.test held ${REASON}`);
  });

  test('is not let go entry by entry by those whose limit it is', async () => {
    server.sendLimits.messagesPerHour = 1;
    await sendFrom('ann', 'first@there.test');
    await sendFrom('ann', 'second@there.test');
    const { rows } = await server.pool.query<{ id: number; owner: number }>(
      `SELECT max(e.id) AS id, max(o.id) AS owner FROM queue_entry e, operator o WHERE o.email = 'boss@there.test'`,
    );
    const owner = { kind: 'domain-owner', operatorId: BigInt(rows[0]?.owner ?? 0), label: 'boss' } as const;
    const ids = [String(rows[0]?.id)];
    expect(await releaseEntries(contextOf(server.db, owner), { ids })).toEqual({ changed: 0, skipped: 1 });
    expect((await states()).at(-1)).toBe(`second@there.test held ${REASON}`);
  });
});

test('a message that is stored after its account was released goes', async () => {
  server.sendLimits.messagesPerHour = 1;
  await sendFrom('ann', 'first@there.test');
  await sendFrom('ann', 'second@there.test');
  await server.pool.query('DELETE FROM send_hold');
  await keeper.run();
  expect(await states()).toEqual(['first@there.test waiting', 'second@there.test waiting']);
});

test('what an account that is gone for good had held never leaves', async () => {
  server.sendLimits.messagesPerHour = 1;
  await sendFrom('ann', 'first@there.test');
  await sendFrom('ann', 'second@there.test', 'third@there.test');
  await server.pool.query('UPDATE queue_message SET account_id = 1000000');
  await server.pool.query('DELETE FROM send_hold');
  await keeper.run();
  expect(await states()).toEqual(['first@there.test waiting']);
});

test('an owner whose mailbox is full is told as soon as there is room', async () => {
  server.sendLimits.messagesPerHour = 1;
  await sendFrom('carl', 'first@there.test');
  await sendFrom('carl', 'second@there.test');
  await server.pool.query('UPDATE account SET quota_bytes = 1 WHERE id = $1', [server.accounts.carl]);
  expect(await newMail('carl', () => keeper.run())).toEqual([]);
  expect((await states()).filter((line) => line.startsWith('carl@'))).toEqual(['carl@one.example waiting']);
  await server.pool.query('UPDATE account SET quota_bytes = 0 WHERE id = $1', [server.accounts.carl]);
  expect(await newMail('carl', () => runner.runDue())).toHaveLength(1);
});

describe('what is released by those below', () => {
  const ownerOf = async () => {
    const { rows } = await server.pool.query<{ id: number }>(`SELECT id FROM operator WHERE email = 'boss@there.test'`);
    return contextOf(server.db, { kind: 'domain-owner', operatorId: BigInt(rows[0]?.id ?? 0), label: 'boss' });
  };
  const limitDomain = async (messagesPerHour: number) => {
    await server.pool.query(
      `INSERT INTO send_limit (scope, scope_id, messages_per_hour) SELECT 'domain', id, $1 FROM domain WHERE name = 'one.example'
       ON CONFLICT (scope, scope_id) DO UPDATE SET messages_per_hour = excluded.messages_per_hour`,
      [messagesPerHour],
    );
  };

  test('counts above them, and waits where there is no room', async () => {
    server.sendLimits.messagesPerHour = 1;
    await limitDomain(2);
    for (const name of ['first', 'second', 'third']) await sendFrom('ann', `${name}@there.test`);
    const owner = await ownerOf();
    expect(await outcomeOf(releaseHeld(owner, { ids: [idOf('ann')] }))).toBe('limit-reached');
    expect((await states()).filter((line) => line.includes('held'))).toHaveLength(2);
    await limitDomain(3);
    expect(await outcomeOf(releaseHeld(owner, { ids: [idOf('ann')] }))).toBe('done');
    expect(await sendFrom('ben', 'one@there.test')).toMatch(/^250 /);
    expect((await states()).at(-1)).toContain('Over a sending limit of the domain as a whole (messages per hour: 3)');
  });

  test('counts whom it goes to for the first time, too', async () => {
    server.sendLimits.messagesPerHour = 1;
    const limit = (firstTimes: number) =>
      server.pool.query(
        `INSERT INTO send_limit (scope, scope_id, first_time_per_day) SELECT 'domain', id, $1 FROM domain WHERE name = 'one.example'
         ON CONFLICT (scope, scope_id) DO UPDATE SET first_time_per_day = excluded.first_time_per_day`,
        [firstTimes],
      );
    await limit(2);
    await sendFrom('ann', 'first@there.test');
    await sendFrom('ann', 'second@there.test', 'third@there.test', 'first@there.test');
    const owner = await ownerOf();
    expect(await outcomeOf(releaseHeld(owner, { ids: [idOf('ann')] }))).toBe('limit-reached');
    await limit(3);
    expect(await outcomeOf(releaseHeld(owner, { ids: [idOf('ann')] }))).toBe('done');
    // Those are known from now on; nobody new may be written to today.
    expect(await sendFrom('ann', 'third@there.test', 'second@there.test')).toMatch(/^250 /);
    expect((await states()).filter((line) => line.includes('held'))).toEqual([]);
    expect(await sendFrom('ben', 'new@there.test')).toMatch(/^250 /);
    expect((await states()).at(-1)).toContain('(first-time recipients per day: 3)');
  });

  test('is not what those above hold', async () => {
    await limitDomain(1);
    await sendFrom('ann', 'first@there.test');
    await sendFrom('ann', 'second@there.test');
    const owner = await ownerOf();
    expect((await listHeld(owner, {})).rows).toMatchObject([{ mayRelease: false }]);
    expect(await outcomeOf(releaseHeld(owner, { ids: [idOf('ann')] }))).toBe('forbidden');
    expect(await outcomeOf(releaseHeld(asAdmin(), { ids: [idOf('ann')] }))).toBe('done');
    expect(await states()).toEqual(['first@there.test waiting', 'second@there.test waiting']);
  });
});
