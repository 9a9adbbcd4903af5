import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { type ScriptedMx, startScriptedMx } from '#engine/testing/scripted-mx.ts';
import type { DeliverableRecipient } from '#server/directory/types.ts';
import { logger } from '#server/logger.ts';
import type { SendGate } from '#server/send-limits/create-send-gate.ts';
import { forwardEntry } from './forward-entry.ts';
import { leaseEntries } from './lease-entries.ts';
import { openTestQueue, type TestQueue } from './testing/open-test-queue.ts';
import type { LeasedEntry, LeasedMessage } from './types.ts';

let queue: TestQueue;
let ann: { accountId: number; domainId: number };
let resellerId: number;
let server: ScriptedMx;

beforeAll(async () => {
  queue = await openTestQueue(inject('clusterUrl'));
  ann = await queue.createAccount('ann@own.test');
  const { rows } = await queue.pool.query<{ id: number }>(
    `INSERT INTO operator (email, name, role) VALUES ('reseller@there.test', 'Reseller', 'reseller') RETURNING id`,
  );
  resellerId = rows[0]?.id ?? 0;
  await queue.pool.query('UPDATE domain SET reseller_id = $1 WHERE id = $2', [resellerId, ann.domainId]);
});
/** Checks every invariant of the store. */
afterAll(() => queue.close());
beforeEach(async () => {
  await queue.reset();
  for (const domain of ['there.test', 'sender.test']) queue.zone[domain] = { MX: [[10, 'mx.there.test']] };
  queue.zone['mx.there.test'] = { A: ['127.0.0.1'] };
  server = await startScriptedMx();
});
afterEach(() => server.close());

const runner = () => queue.runner({ remotePort: server.port });
const delivered = () => server.messages.flatMap(({ rcpts }) => rcpts).toSorted();

/** Every test has names of its own: no memory of an earlier one is in the way. */
let made = 0;
async function addForward(destinations: readonly string[], accountIds: readonly number[] = []): Promise<string> {
  made += 1;
  const { rows } = await queue.pool.query<{ id: number }>(
    `INSERT INTO address (domain_id, local_part, kind) VALUES ($1, $2, 'forward') RETURNING id`,
    [ann.domainId, `wide${made}`],
  );
  const id = rows[0]?.id;
  await queue.pool.query('INSERT INTO forward_destination SELECT $1, unnest($2::text[])', [id, destinations]);
  await queue.pool.query('INSERT INTO address_target SELECT $1, unnest($2::bigint[])', [id, accountIds]);
  return `wide${made}@own.test`;
}

const submit = (address: string) => queue.submit({ sender: 'bob@sender.test', to: [address] });

const limit = (scope: 'domain' | 'reseller', measure: string, value: number) =>
  queue.pool.query(
    `INSERT INTO send_limit (scope, scope_id, ${measure}) VALUES ($1, $2, $3)
     ON CONFLICT (scope, scope_id) DO UPDATE SET ${measure} = excluded.${measure}`,
    [scope, scope === 'domain' ? ann.domainId : resellerId, value],
  );

/** `scope messages/recipients` of the hour, for every scope that has counted. */
async function counted(): Promise<string[]> {
  const { rows } = await queue.pool.query<{ line: string }>(
    `SELECT scope || ' ' || coalesce((buckets -> 'messagesPerHour' ->> 0), '0') || '/' ||
       coalesce((buckets -> 'recipientsPerHour' ->> 0), '0') AS line FROM send_usage ORDER BY scope, scope_id`,
  );
  return rows.map(({ line }) => line);
}

async function states(): Promise<string[]> {
  const { rows } = await queue.pool.query<{ line: string }>(
    `SELECT recipient || ' ' || state || coalesce(': ' || hold_reason, '') AS line FROM queue_entry ORDER BY recipient`,
  );
  return rows.map(({ line }) => line);
}

async function holds() {
  const { rows } = await queue.pool.query<{ scope: string; measure: string; messages: number; domain: number }>(
    `SELECT scope, measure, held_messages AS messages, forwarding_domain_id AS domain FROM send_hold`,
  );
  return rows;
}

describe('copies that a domain forwards elsewhere', () => {
  test('count in the domain and its reseller, once a message and once a recipient, and in no account', async () => {
    await submit(await addForward(['zoe@there.test', 'yan@there.test']));
    await submit(await addForward(['zoe@there.test']));
    await runner().runDue();
    expect(delivered()).toHaveLength(3);
    expect(await counted()).toEqual(['domain 2/3', 'reseller 2/3']);
  });

  test('do not count where they stay here', async () => {
    const inner = await addForward([], [ann.accountId]);
    await submit(await addForward([inner, 'ann@own.test']));
    await runner().runDue();
    expect(await counted()).toEqual([]);
    await submit(await addForward(['ann@own.test', 'zoe@there.test']));
    await runner().runDue();
    expect(delivered()).toEqual(['RCPT TO:<zoe@there.test>']);
    expect(await counted()).toEqual(['domain 1/1', 'reseller 1/1']);
  });

  test.each([
    ['domain', 'messages_per_hour', 1, 'the domain as a whole (messages per hour: 1)'],
    ['domain', 'recipients_per_day', 2, 'the domain as a whole (recipients per day: 2)'],
    ['reseller', 'messages_per_day', 1, 'the reseller as a whole (messages per day: 1)'],
    ['reseller', 'recipients_per_hour', 3, 'the reseller as a whole (recipients per hour: 3)'],
  ] as const)(
    'are held over the %s limit %s, and what is held is not counted',
    async (scope, measure, value, words) => {
      await limit(scope, measure, value);
      const address = await addForward(['zoe@there.test', 'yan@there.test']);
      await submit(address);
      const own = runner();
      await own.runDue();
      await submit(address);
      const last = await submit(address);
      await own.runDue();
      expect(delivered()).toEqual(['RCPT TO:<yan@there.test>', 'RCPT TO:<zoe@there.test>']);
      const reason = `held: Over a sending limit of ${words}`;
      expect(await states()).toEqual([
        ...Array.from({ length: 2 }, () => `yan@there.test ${reason}`),
        ...Array.from({ length: 2 }, () => `zoe@there.test ${reason}`),
      ]);
      expect(await counted()).toEqual(['domain 1/2', 'reseller 1/2']);
      expect(await holds()).toMatchObject([{ scope, messages: 2, domain: ann.domainId }]);
      expect(await queue.trace(last)).toEqual(['queued', 'forwarded', 'forwarded']);
    },
  );

  test('stay held when the hour is over, until the hold is gone', async () => {
    await limit('domain', 'messages_per_hour', 1);
    const address = await addForward(['zoe@there.test']);
    await submit(address);
    await submit(address);
    await runner().runDue();
    queue.clock.advance(3 * 3_600_000);
    await submit(address);
    await runner().runDue();
    expect(delivered()).toHaveLength(1);
    expect(await states()).toHaveLength(2);
    await queue.pool.query('DELETE FROM send_hold');
    await submit(address);
    await runner().runDue();
    expect(delivered()).toHaveLength(2);
  });

  test('are held while the copy for a mailbox that was full goes on', async () => {
    await limit('domain', 'recipients_per_hour', 1);
    await submit(await addForward(['zoe@there.test', 'yan@there.test', 'ann@own.test']));
    const before = (await queue.inbox(ann.accountId)).length;
    await runner().runDue();
    expect(await queue.inbox(ann.accountId)).toHaveLength(before + 1);
    expect((await states()).map((line) => line.split(':')[0])).toEqual(['yan@there.test held', 'zoe@there.test held']);
    expect(await queue.pool.query('SELECT FROM queue_message').then(({ rowCount }) => rowCount)).toBe(1);
  });

  test('wait on their entry where too many are held, and none of them is counted or lost', async () => {
    await limit('domain', 'messages_per_hour', 1);
    const address = await addForward(['zoe@there.test']);
    for (let sent = 0; sent < 12; sent += 1) await submit(address);
    await runner().runDue();
    expect(await holds()).toMatchObject([{ messages: 10 }]);
    expect(await counted()).toEqual(['domain 1/1', 'reseller 1/1']);
    const waiting = (await queue.entries()).filter(({ recipient }) => recipient === address);
    expect(waiting).toMatchObject([{ state: 'waiting', lastReply: 'too much of what the domain forwards is held' }]);
  });

  test('are named in the trace with the domain of the address that forwards', async () => {
    const ref = await submit(await addForward(['zoe@there.test']));
    await runner().runDue();
    const { rows } = await queue.pool.query(
      `SELECT domain_id AS domain, detail FROM trace WHERE ref = $1 AND kind = 'forwarded'`,
      [ref],
    );
    expect(rows).toEqual([{ domain: ann.domainId, detail: 'to zoe@there.test' }]);
  });

  test('of mail that tells of a hold go, and do not count', async () => {
    await limit('domain', 'messages_per_hour', 1);
    const address = await addForward(['zoe@there.test']);
    await submit(address);
    await submit(address);
    await runner().runDue();
    await submit(address);
    await queue.pool.query(`UPDATE queue_message SET ref = 'hold-domain-1-abc-0'
      WHERE id = (SELECT message_id FROM queue_entry WHERE state = 'waiting')`);
    await runner().runDue();
    expect(delivered()).toHaveLength(2);
    expect(await states()).toHaveLength(1);
    expect(await counted()).toEqual(['domain 1/1', 'reseller 1/1']);
  });
});

describe('a forward that stops half-way', () => {
  const found: DeliverableRecipient = {
    kind: 'deliverable',
    by: 'name',
    targets: [],
    remotes: [{ address: 'zoe@there.test', destination: 'there.test' }],
    responderIds: [],
  };

  async function lease(): Promise<[LeasedMessage, LeasedEntry]> {
    const now = queue.clock.now();
    const [message] = await leaseEntries(queue.pool, {
      destination: 'own.test',
      now,
      maxMessages: 1,
      maxEntries: 1,
      owner: crypto.randomUUID(),
      leaseSeconds: 60,
      retrySeconds: [1],
    });
    const entry = message?.entries[0];
    if (!message || !entry) throw new Error('nothing leased');
    return [message, entry];
  }

  const forward = (sendGate: Pick<SendGate, 'forward'>, [message, entry]: [LeasedMessage, LeasedEntry]) => {
    const { now } = queue.clock;
    return forwardEntry(
      { sendGate, wasStored: async () => false, now: now.bind(queue.clock), log: logger('test') },
      message,
      entry,
      found,
      message.destination,
    );
  };

  /** As if the engine were gone when all is written and nothing is committed. */
  const crashing: Pick<SendGate, 'forward'> = {
    forward: (domain, work) =>
      queue.sendGate.forward(domain, async (transaction) => {
        await work(transaction);
        throw new Error('gone');
      }),
  };

  test('has counted nothing, and counts once when it is tried again', async () => {
    const address = await addForward(['zoe@there.test']);
    await submit(address);
    const leased = await lease();
    await expect(forward(crashing, leased)).rejects.toThrow('gone');
    expect((await counted()).every((line) => line.endsWith(' 0/0'))).toBe(true);
    expect(await queue.entries()).toMatchObject([{ recipient: address, state: 'leased' }]);
    expect((await forward(queue.sendGate, leased)).kind).toBe('delivered');
    expect(await counted()).toEqual(['domain 1/1', 'reseller 1/1']);
    // Whoever comes late with the same lease counts and forwards nothing more.
    expect((await forward(queue.sendGate, leased)).kind).toBe('deferred');
    expect(await counted()).toEqual(['domain 1/1', 'reseller 1/1']);
    expect(await states()).toEqual(['zoe@there.test waiting']);
  });

  test('has put nothing on hold, and holds once when it is tried again', async () => {
    await limit('domain', 'recipients_per_hour', 1);
    await submit(await addForward(['zoe@there.test']));
    expect((await forward(queue.sendGate, await lease())).kind).toBe('delivered');
    await submit(await addForward(['zoe@there.test']));
    const leased = await lease();
    await expect(forward(crashing, leased)).rejects.toThrow('gone');
    expect(await holds()).toEqual([]);
    await forward(queue.sendGate, leased);
    await forward(queue.sendGate, leased);
    expect(await holds()).toMatchObject([{ messages: 1 }]);
    expect((await states()).filter((line) => line.includes('held'))).toHaveLength(1);
  });

  test('many at once let through exactly the limit', async () => {
    await limit('reseller', 'messages_per_hour', 7);
    const address = await addForward(['zoe@there.test']);
    for (let sent = 0; sent < 16; sent += 1) await submit(address);
    const leased: [LeasedMessage, LeasedEntry][] = [];
    for (let sent = 0; sent < 16; sent += 1) leased.push(await lease());
    await Promise.all(leased.map((one) => forward(queue.sendGate, one)));
    expect((await states()).filter((line) => line.endsWith('waiting'))).toHaveLength(7);
    expect((await states()).filter((line) => line.includes('held'))).toHaveLength(9);
    expect(await counted()).toEqual(['domain 7/7', 'reseller 7/7']);
  });
});
