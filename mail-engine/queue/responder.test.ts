import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import type { Intake } from '#engine/intake/types.ts';
import { type ScriptedMx, startScriptedMx } from '#engine/testing/scripted-mx.ts';
import type { QueueRunnerOptions } from './runner.ts';
import { openTestQueue, type TestQueue } from './testing/open-test-queue.ts';

const DAY_MS = 86_400_000;
let queue: TestQueue;
let ann: { accountId: number; domainId: number };
let server: ScriptedMx;

beforeAll(async () => {
  queue = await openTestQueue(inject('clusterUrl'));
  ann = await queue.createAccount('ann@own.test');
});
/** Checks every invariant of the store. */
afterAll(() => queue.close());
beforeEach(async () => {
  await queue.reset();
  queue.zone['sender.test'] = { MX: [[10, 'mx.sender.test']] };
  queue.zone['mx.sender.test'] = { A: ['127.0.0.1'] };
  server = await startScriptedMx();
});
afterEach(() => server.close());

let made = 0;
async function addResponder(accountIds: readonly number[] = []): Promise<string> {
  made += 1;
  const { rows } = await queue.pool.query<{ id: number }>(
    `INSERT INTO address (domain_id, local_part, kind) VALUES ($1, $2, 'responder') RETURNING id`,
    [ann.domainId, `answers${made}`],
  );
  const id = rows[0]?.id;
  await queue.pool.query(`INSERT INTO responder VALUES ($1, 'We got it', 'Thank you, we have got it.', 7)`, [id]);
  await queue.pool.query('INSERT INTO address_target SELECT $1, unnest($2::bigint[])', [id, accountIds]);
  return `answers${made}@own.test`;
}

const write = (address: string, sender = 'bob@sender.test', more = '') =>
  queue.submit({
    sender,
    to: [address],
    body: `From: <bob@sender.test>\r\nTo: <${address}>\r\nMessage-ID: <7@sender.test>\r\n${more}\r\nhello\r\n`,
  });
const start = (options: Partial<QueueRunnerOptions> = {}) => queue.runner({ remotePort: server.port, ...options });

test('answers, keeps a copy, and lets nothing stay in the queue', async () => {
  const address = await addResponder([ann.accountId]);
  const before = (await queue.inbox(ann.accountId)).length;
  await write(address);
  await start().runDue();
  expect(server.messages).toHaveLength(1);
  expect(server.messages[0]).toMatchObject({
    mail: expect.stringMatching(/^MAIL FROM:<>/),
    rcpts: ['RCPT TO:<bob@sender.test> NOTIFY=NEVER'],
  });
  const text = server.messages[0]?.bytes.toString() ?? '';
  expect(text).toContain(`From: <${address}>\r\nTo: <bob@sender.test>\r\nSubject: We got it\r\n`);
  expect(text).toContain('In-Reply-To: <7@sender.test>\r\n');
  expect(text).toContain('Auto-Submitted: auto-replied\r\n');
  expect(text).toMatch(/\r\n\r\nThank you, we have got it\.\r\n$/);
  expect((await queue.inbox(ann.accountId)).length).toBe(before + 1);
  expect(await queue.entries()).toEqual([]);
});

test('answers a sender once in its interval', async () => {
  const address = await addResponder();
  const runner = start();
  for (const sender of ['bob@sender.test', 'BOB@sender.test', 'bob@Sender.test', 'eve@sender.test']) {
    await write(address, sender);
    await runner.runDue();
  }
  expect(server.messages.map(({ rcpts }) => rcpts)).toEqual([
    ['RCPT TO:<bob@sender.test> NOTIFY=NEVER'],
    ['RCPT TO:<eve@sender.test> NOTIFY=NEVER'],
  ]);
  queue.clock.advance(7 * DAY_MS - 60_000);
  await write(address);
  await runner.runDue();
  expect(server.messages).toHaveLength(2);
  queue.clock.advance(60_000);
  await write(address);
  await runner.runDue();
  expect(server.messages).toHaveLength(3);
});

test.each([
  ['a bounce', '', ''],
  ['a list', 'l-request@sender.test', ''],
  ['another responder', 'bob@sender.test', 'Auto-Submitted: auto-replied\r\n'],
])('%s is not answered', async (_, sender, more) => {
  const address = await addResponder();
  await write(address, sender, more);
  await start().runDue();
  expect(server.messages).toEqual([]);
  expect(await queue.entries()).toEqual([]);
});

test('mail under forged senders makes a bounded number of answers', async () => {
  const address = await addResponder();
  await queue.pool.query(
    `INSERT INTO responder_reply SELECT r.address_id, 'x' || n || '@sender.test', $1, 'r' || n
     FROM generate_series(1, 1000) n, responder r JOIN address ad ON ad.id = r.address_id WHERE ad.local_part || '@own.test' = $2`,
    [queue.clock.now(), address],
  );
  await write(address);
  const runner = start();
  await runner.runDue();
  expect(server.messages).toEqual([]);
  queue.clock.advance(DAY_MS);
  await write(address);
  await runner.runDue();
  expect(server.messages).toHaveLength(1);
});

/** Loses its connection after, or before, the answer is in. */
function failingOnce(when: 'before' | 'after'): Intake {
  let failed = false;
  return {
    ...queue.intake,
    begin: (envelope) => {
      const transaction = queue.intake.begin(envelope);
      if (failed || !envelope.ref.includes('-answer-')) return transaction;
      failed = true;
      return new Proxy(transaction, {
        get: (target, name) => {
          if (name !== 'commit') return Reflect.get(target, name).bind(target);
          return async () => {
            if (when === 'after') await target.commit();
            throw new Error('the connection is gone');
          };
        },
      });
    },
  };
}

test.each(['before', 'after'] as const)('a fault %s the answer is in neither loses nor doubles it', async (when) => {
  const address = await addResponder([ann.accountId]);
  const before = (await queue.inbox(ann.accountId)).length;
  await write(address);
  const runner = start({ intake: failingOnce(when) });
  await runner.runDue();
  queue.clock.advance(3_600_000);
  await runner.runDue();
  expect(server.messages).toHaveLength(1);
  expect((await queue.inbox(ann.accountId)).length).toBe(before + 1);
  expect(await queue.entries()).toEqual([]);
});
