import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { deliver } from '#engine/store/testing/open-test-store.ts';
import { type ScriptedMx, type ScriptedMxOptions, startScriptedMx } from '#engine/testing/scripted-mx.ts';
import { logger } from '#server/logger.ts';
import { forwardEntry } from './forward-entry.ts';
import { leaseEntries } from './lease-entries.ts';
import { openTestQueue, type TestQueue } from './testing/open-test-queue.ts';

let queue: TestQueue;
let ann: { accountId: number; domainId: number };
let ben: { accountId: number; domainId: number };
let server: ScriptedMx;
const running: (() => Promise<void>)[] = [];

beforeAll(async () => {
  queue = await openTestQueue(inject('clusterUrl'));
  ann = await queue.createAccount('ann@own.test');
  ben = await queue.createAccount('ben@own.test');
});
/** Checks every invariant of the store. */
afterAll(() => queue.close());
beforeEach(async () => {
  await queue.reset();
  for (const domain of ['there.test', 'far.test', 'sender.test']) queue.zone[domain] = { MX: [[10, 'mx.there.test']] };
  queue.zone['mx.there.test'] = { A: ['127.0.0.1'] };
});
afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
});

async function start(options: ScriptedMxOptions = {}) {
  server = await startScriptedMx(options);
  running.push(() => server.close());
  return queue.runner({ remotePort: server.port });
}

/** Every test has names of its own: no memory of an earlier one is in the way. */
let made = 0;
async function addForward(destinations: readonly string[], accountIds: readonly number[] = []): Promise<string> {
  made += 1;
  const { rows } = await queue.pool.query<{ id: number }>(
    `INSERT INTO address (domain_id, local_part, kind) VALUES ($1, $2, 'forward') RETURNING id`,
    [ann.domainId, `forward${made}`],
  );
  const id = rows[0]?.id;
  await queue.pool.query('INSERT INTO forward_destination SELECT $1, unnest($2::text[])', [id, destinations]);
  await queue.pool.query('INSERT INTO address_target SELECT $1, unnest($2::bigint[])', [id, accountIds]);
  return `forward${made}@own.test`;
}

const submit = (address: string, rest: object = {}) =>
  queue.submit({ sender: 'bob@sender.test', to: [{ address, ...rest }] });

test('this host’s postmaster is who stands in, and its other names are still elsewhere', async () => {
  const runner = await start();
  queue.settings['smtp.postmaster'] = 'zoe@there.test';
  queue.zone['mail.own.test'] = { MX: [[10, 'mx.there.test']] };
  const host = ['root', 'PostMaster', 'admin'].map((name) => `${name}@mail.own.test`);
  await queue.submit({ sender: 'bob@sender.test', to: host });
  await runner.runDue();
  expect(server.messages.map(({ rcpts }) => rcpts)).toEqual([
    ['RCPT TO:<root@mail.own.test>', 'RCPT TO:<admin@mail.own.test>'],
    ['RCPT TO:<zoe@there.test>'],
  ]);
  expect(server.messages[1]?.bytes.toString()).toMatch(/^Delivered-To: PostMaster@mail\.own\.test\r\n/);
  queue.settings['smtp.postmaster'] = 'ben@own.test';
  const before = (await queue.inbox(ben.accountId)).length;
  await submit('postmaster@mail.own.test');
  await runner.runDue();
  expect(await queue.inbox(ben.accountId)).toHaveLength(before + 1);
  expect(await queue.entries()).toEqual([]);
});

test('a fault with what is here defers that alone, and who was served elsewhere is not served again', async () => {
  await start();
  const forward = async () => {
    throw new Error('Connection terminated unexpectedly');
  };
  const runner = queue.runner({ remotePort: server.port, sendGate: { ...queue.sendGate, forward } });
  queue.settings['smtp.postmaster'] = 'zoe@there.test';
  queue.zone['mail.own.test'] = { MX: [[10, 'mx.there.test']] };
  await queue.submit({ sender: 'bob@sender.test', to: ['root@mail.own.test', 'postmaster@mail.own.test'] });
  await runner.runDue();
  expect(server.messages.map(({ rcpts }) => rcpts)).toEqual([['RCPT TO:<root@mail.own.test>']]);
  expect(await queue.entries()).toMatchObject([{ recipient: 'postmaster@mail.own.test', state: 'waiting' }]);
});

describe('a forward', () => {
  test('sends on what came under its first sender, and nothing of it stays', async () => {
    const runner = await start();
    const address = await addForward(['zoe@there.test', 'yan@far.test']);
    const ref = await submit(address);
    await runner.runDue();
    expect(server.messages.map(({ rcpts }) => rcpts).toSorted()).toEqual([
      ['RCPT TO:<yan@far.test>'],
      ['RCPT TO:<zoe@there.test>'],
    ]);
    for (const { mail, bytes } of server.messages) {
      expect(mail).toMatch(/^MAIL FROM:<bob@sender\.test>/);
      expect(bytes.toString()).toMatch(
        new RegExp(`^Delivered-To: ${address}\r\nReceived: by own\\.test\r\nFrom: <ann@own\\.test>`),
      );
    }
    expect(await queue.entries()).toEqual([]);
    expect((await queue.pool.query('SELECT FROM queue_message')).rowCount).toBe(0);
    expect(await queue.trace(ref)).toEqual(['queued', 'forwarded', 'forwarded', 'delivered', 'delivered']);
  });

  test('keeps a copy where it says so, once, and follows forwards that stay here', async () => {
    const runner = await start();
    const inner = await addForward(['zoe@there.test'], [ann.accountId]);
    const outer = await addForward([inner, 'ben@own.test'], [ann.accountId]);
    const before = [(await queue.inbox(ann.accountId)).length, (await queue.inbox(ben.accountId)).length];
    await submit(outer);
    await runner.runDue();
    const after = [(await queue.inbox(ann.accountId)).length, (await queue.inbox(ben.accountId)).length];
    expect(after).toEqual(before.map((count) => count + 1));
    expect(server.messages.map(({ rcpts }) => rcpts)).toEqual([['RCPT TO:<zoe@there.test>']]);
  });

  test('keeps one copy in a mailbox that was full when the message came', async () => {
    const runner = await start();
    const tight = await queue.createAccount('tight@own.test', 10);
    const address = await addForward(['zoe@there.test'], [tight.accountId]);
    const copy = { kind: 'local', ...tight, address, queueAs: 'tight@own.test' } as const;
    const forward = { kind: 'remote', address, destination: 'own.test', hosted: true } as const;
    await deliver(queue.intake, [copy, forward], 'Subject: x\r\n\r\nx\r\n', { ref: 'kept-once' });
    await queue.pool.query('UPDATE account SET quota_bytes = 0 WHERE id = $1', [tight.accountId]);
    await runner.runDue();
    await runner.runDue();
    expect(await queue.entries()).toEqual([]);
    expect(server.messages.map(({ rcpts }) => rcpts)).toEqual([['RCPT TO:<zoe@there.test>']]);
    expect(await queue.inbox(tight.accountId)).toHaveLength(1);
  });

  test('that only leads in a circle fails, and its sender is told', async () => {
    const runner = await start();
    const first = await addForward([]);
    const second = await addForward([first]);
    await queue.pool.query(
      `INSERT INTO forward_destination SELECT ad.id, $2 FROM address ad WHERE ad.local_part || '@own.test' = $1`,
      [first, second],
    );
    await submit(first);
    await runner.runDue();
    expect(server.messages).toHaveLength(1);
    expect(server.messages[0]?.rcpts).toEqual(['RCPT TO:<bob@sender.test> NOTIFY=NEVER']);
    expect(server.messages[0]?.bytes.toString()).toContain('Status: 5.4.6');
  });

  test('of a message that was forwarded from there before is refused by intake', async () => {
    const address = await addForward(['zoe@there.test']);
    const body = `Delivered-To: ${address}\r\nSubject: again\r\n\r\nbody\r\n`;
    const refusal = queue.submit({ sender: 'bob@sender.test', to: [{ address, hosted: true }], body });
    await expect(refusal).rejects.toMatchObject({ code: 'loop' });
    expect(await queue.entries()).toEqual([]);
  });

  test('is done by who holds the lease, and by nobody else', async () => {
    const address = await addForward(['zoe@there.test']);
    await submit(address);
    const now = queue.clock.now();
    const request = {
      destination: 'own.test',
      now,
      maxMessages: 1,
      maxEntries: 1,
      leaseSeconds: 60,
      retrySeconds: [1],
    };
    const [message] = await leaseEntries(queue.pool, { ...request, owner: crypto.randomUUID() });
    const entry = message?.entries[0];
    if (!message || !entry) throw new Error('nothing leased');
    await queue.pool.query(
      `UPDATE queue_entry SET state = 'waiting', lease_owner = NULL, lease_until = NULL WHERE id = $1`,
      [entry.id],
    );
    const later = { ...request, now: new Date(now.getTime() + 30_000), owner: crypto.randomUUID() };
    await leaseEntries(queue.pool, later);
    const options = { sendGate: queue.sendGate, wasStored: async () => false, now: () => now, log: logger('test') };
    const remotes = [{ address: 'zoe@there.test', destination: 'there.test' }];
    const found = { kind: 'deliverable' as const, by: 'name' as const, targets: [], remotes, responderIds: [] };
    expect((await forwardEntry(options, message, entry, found, 'own.test')).kind).toBe('deferred');
    expect(await queue.entries()).toMatchObject([{ id: entry.id, recipient: address, state: 'leased', attempts: 2 }]);
  });
});

describe('DSN requests (RFC 3461 §5.2.7)', () => {
  test('to a single address all go on with it, and nothing is reported here', async () => {
    const runner = await start({ extensions: ['DSN'] });
    const address = await addForward(['zoe@there.test']);
    await queue.submit({
      sender: 'bob@sender.test',
      to: [{ address, notify: 'SUCCESS,FAILURE', orcpt: 'rfc822;first@sender.test' }],
      envId: 'e1',
      ret: 'HDRS',
    });
    await runner.runDue();
    expect(server.messages).toHaveLength(1);
    expect(server.messages[0]?.mail).toContain('RET=HDRS ENVID=e1');
    expect(server.messages[0]?.rcpts).toEqual([
      'RCPT TO:<zoe@there.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;first@sender.test',
    ]);
  });

  test.each([
    ['SUCCESS,DELAY', 'NOTIFY=DELAY'],
    ['SUCCESS', 'NOTIFY=NEVER'],
  ])('%s to several goes on as %s, and the sender hears once that it was expanded', async (notify, passedOn) => {
    const runner = await start({ extensions: ['DSN'] });
    const address = await addForward(['zoe@there.test', 'yan@there.test']);
    await submit(address, { notify });
    await runner.runDue();
    const toBob = server.messages.filter(({ rcpts }) => rcpts.some((rcpt) => rcpt.includes('bob@sender.test')));
    const others = server.messages.filter((message) => !toBob.includes(message));
    expect(others.flatMap(({ rcpts }) => rcpts).toSorted()).toEqual([
      `RCPT TO:<yan@there.test> ${passedOn}`,
      `RCPT TO:<zoe@there.test> ${passedOn}`,
    ]);
    expect(toBob).toHaveLength(1);
    expect(toBob[0]?.bytes.toString()).toContain('Action: expanded');
    expect(toBob[0]?.bytes.toString()).toContain(address);
    expect(toBob[0]?.bytes.toString()).not.toContain('zoe@there.test');
    expect(await queue.entries()).toEqual([]);
  });

  test('where an address fails, the sender hears of that', async () => {
    const runner = await start({ reply: (line) => (line.includes('zoe') ? '550 5.1.1 no' : undefined) });
    const address = await addForward(['zoe@there.test']);
    await submit(address);
    await runner.runDue();
    expect(server.messages.map(({ rcpts }) => rcpts)).toEqual([['RCPT TO:<bob@sender.test> NOTIFY=NEVER']]);
    expect(server.messages[0]?.bytes.toString()).toContain('Action: failed');
  });
});
