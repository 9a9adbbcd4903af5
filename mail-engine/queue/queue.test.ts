import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import type { IntakeRecipient } from '#engine/intake/types.ts';
import { createSelfSigned } from '#engine/net/self-signed.ts';
import { deliver } from '#engine/store/testing/open-test-store.ts';
import { ManualClock } from '#engine/testing/manual-clock.ts';
import { type ScriptedMx, type ScriptedMxOptions, startScriptedMx } from '#engine/testing/scripted-mx.ts';
import { createQueuedAnnouncer } from './announce-queued.ts';
import { openTestQueue, type TestQueue } from './testing/open-test-queue.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let queue: TestQueue;
let ann: { accountId: number; domainId: number };
let server: ScriptedMx;
const running: (() => Promise<void>)[] = [];

beforeAll(async () => {
  queue = await openTestQueue(inject('clusterUrl'));
  ann = await queue.createAccount('ann@own.test');
});
/** Checks every invariant of the store. */
afterAll(() => queue.close());
beforeEach(async () => {
  await queue.reset();
  queue.zone['there.test'] = { MX: [[10, 'mx.there.test']] };
  queue.zone['mx.there.test'] = { A: ['127.0.0.1'] };
});
afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
});

/** A mail server, and a runner that dials its port. */
async function start(options: ScriptedMxOptions = {}) {
  server = await startScriptedMx(options);
  running.push(() => server.close());
  return queue.runner({ remotePort: server.port });
}

const submit = (...to: Parameters<TestQueue['submit']>[0]['to']) =>
  queue.submit({ sender: 'ann@own.test', accountId: ann.accountId, to });

async function newMail(accountId: number, run: () => Promise<unknown>): Promise<string[]> {
  const before = (await queue.inbox(accountId)).length;
  await run();
  return (await queue.inbox(accountId)).slice(before);
}

const states = async () =>
  (await queue.entries()).map(({ recipient, state, attempts }) => `${recipient} ${state} ${attempts}`);

describe('delivered', () => {
  test('the bytes arrive as queued, and nothing of the message stays', async () => {
    const runner = await start();
    const ref = await submit('bob@there.test');
    await runner.runDue();
    expect(server.messages).toHaveLength(1);
    expect(server.messages[0]).toMatchObject({
      mail: expect.stringMatching(/^MAIL FROM:<ann@own\.test> SIZE=\d+$/),
      rcpts: ['RCPT TO:<bob@there.test>'],
    });
    expect(server.messages[0]?.bytes.toString()).toBe(
      'Received: by own.test\r\nFrom: <ann@own.test>\r\nSubject: hello\r\nMessage-ID: <1@own.test>\r\n\r\n.dot\r\nbody\r\n',
    );
    expect(await queue.entries()).toEqual([]);
    expect((await queue.pool.query('SELECT FROM queue_message')).rowCount).toBe(0);
    expect(await queue.trace(ref)).toEqual(['submitted', 'queued', 'delivered']);
  });

  test('a message of many chunks too', async () => {
    const runner = await start();
    const body = Buffer.concat([
      Buffer.from('Subject: big\r\n\r\n'),
      Buffer.from(`.${'x'.repeat(75)}\r\n`.repeat(40_000)),
    ]);
    await queue.submit({ sender: 'ann@own.test', to: ['bob@there.test'], body });
    await runner.runDue();
    const sent = server.messages[0]?.bytes;
    expect(sent?.subarray(sent.length - body.length).equals(body)).toBe(true);
  });

  test('recipients of one message at one destination share a transaction', async () => {
    const runner = await start();
    await submit('a@there.test', 'b@there.test', 'c@there.test');
    await runner.runDue();
    expect(server.messages.map(({ rcpts }) => rcpts.length)).toEqual([3]);
  });

  test('messages to one destination share connections', async () => {
    const runner = await start();
    for (let count = 0; count < 30; count += 1) await submit('a@there.test');
    await runner.runDue();
    expect(server.messages).toHaveLength(30);
    expect(server.connections).toBeLessThan(15);
  });

  test('over TLS where offered; the trace says so', async () => {
    const until = new Date(Date.now() + HOUR);
    const runner = await start({ tls: createSelfSigned(['mx.there.test'], new Date(Date.now() - HOUR), until) });
    const ref = await submit('a@there.test');
    await runner.runDue();
    const { rows } = await queue.pool.query<{ detail: string }>(
      `SELECT detail FROM trace WHERE ref = $1 AND kind = 'delivered'`,
      [ref],
    );
    expect(rows[0]?.detail).toMatch(/^250 2\.0\.0 taken \[mx\.there\.test, TLSv1\.3 \S+ unverified\]$/);
  });
});

describe('deferred', () => {
  test('each recipient goes its own way', async () => {
    const runner = await start({
      reply: (line) =>
        line.includes('<later@') ? '450 4.2.1 later' : line.includes('<no@') ? '550 5.1.1 no' : undefined,
    });
    const ref = await submit('yes@there.test', 'later@there.test', 'no@there.test');
    const [bounce = ''] = await newMail(ann.accountId, () => runner.runDue());
    expect(await states()).toEqual(['later@there.test waiting 1']);
    expect((await queue.entries())[0]).toMatchObject({ lastReply: '450 4.2.1 later', leaseOwner: null });
    expect((await queue.trace(ref)).sort()).toEqual(
      ['bounced', 'deferred', 'delivered', 'queued', 'queued', 'queued', 'submitted'].sort(),
    );
    expect(bounce).toContain('Final-Recipient: rfc822; no@there.test');
    expect(bounce).not.toContain('later@there.test');
  });

  test('and tried again on the schedule, no sooner', async () => {
    let attempts = 0;
    const runner = await start({
      reply: (line) => {
        if (!line.startsWith('RCPT')) return undefined;
        attempts += 1;
        return '450 later';
      },
    });
    await submit('bob@there.test');
    const waits: number[] = [];
    for (let count = 1; count <= 9; count += 1) {
      await runner.runDue();
      expect(attempts).toBe(count);
      const wait = (await queue.entries())[0]!.nextAttemptAt.getTime() - queue.clock.now().getTime();
      waits.push(wait);
      queue.clock.advance(wait - 1000);
      await runner.runDue();
      expect(attempts).toBe(count);
      queue.clock.advance(1000);
    }
    const table = [5, 10, 20, 40, 80, 160, 240, 240, 240].map((minutes) => minutes * MINUTE);
    for (const [index, wait] of waits.entries()) {
      expect(wait).toBeGreaterThanOrEqual(table[index]!);
      expect(wait).toBeLessThanOrEqual(table[index]! * 1.2);
    }
  });

  test.each([
    ['the name service fails', 'SERVFAIL' as const],
    ['the name service is silent', 'silence' as const],
    ['nobody listens', { A: ['127.0.0.9'] }],
  ])('%s', async (_, entry) => {
    const runner = await start();
    queue.zone['trouble.test'] = entry;
    await submit('bob@trouble.test');
    await runner.runDue();
    expect(await states()).toEqual(['bob@trouble.test waiting 1']);
    delete queue.zone['trouble.test'];
    queue.zone['trouble.test'] = { A: ['127.0.0.1'] };
    queue.clock.advance(HOUR);
    await runner.runDue();
    expect(await queue.entries()).toEqual([]);
    expect(server.messages).toHaveLength(1);
  });

  test('a destination that does not answer is left alone for a while, its other messages uncounted', async () => {
    const runner = await start({ reply: (line) => (line === '(greeting)' ? '421 busy' : undefined) });
    await submit('first@there.test');
    await runner.runDue();
    await submit('second@there.test');
    await runner.runDue();
    expect(await states()).toEqual(['first@there.test waiting 1', 'second@there.test waiting 0']);
    server.options.reply = () => undefined;
    queue.clock.advance(MINUTE);
    await runner.runDue();
    expect(await states()).toEqual(['first@there.test waiting 1']);
  });
});

describe('bounced', () => {
  test('5xx: the sender gets one DSN for the message, the entries go', async () => {
    const runner = await start({ reply: (line) => (line.startsWith('RCPT') ? '550 5.1.1 no such user' : undefined) });
    const to = { address: 'bob@there.test', orcpt: 'rfc822;Bob+40there.test' };
    const [bounce = '', ...more] = await newMail(ann.accountId, async () => {
      await queue.submit({
        sender: 'ann@own.test',
        accountId: ann.accountId,
        to: [to, 'eve@there.test'],
        envId: 'QQ+3D1',
      });
      await runner.runDue();
    });
    expect(more).toEqual([]);
    expect(await queue.entries()).toEqual([]);
    expect(bounce).toMatch(/^Return-Path: <>\r\nDelivered-To: ann@own\.test\r\n/);
    for (const line of [
      'Content-Type: multipart/report; report-type=delivery-status;',
      'Auto-Submitted: auto-replied',
      'In-Reply-To: <1@own.test>',
      'Original-Envelope-Id: QQ=1',
      'Reporting-MTA: dns; mail.own.test',
      'Original-Recipient: rfc822; Bob@there.test',
      'Final-Recipient: rfc822; bob@there.test',
      'Final-Recipient: rfc822; eve@there.test',
      'Action: failed',
      'Status: 5.1.1',
      'Remote-MTA: dns; mx.there.test',
      'Diagnostic-Code: smtp; 550 5.1.1 no such user',
      'Content-Type: text/rfc822-headers',
      'Subject: hello',
    ]) {
      expect(bounce).toContain(`${line}\r\n`);
    }
    expect(bounce).not.toContain('body\r\n--');
  });

  test('RET=FULL: the whole message goes back', async () => {
    const runner = await start({ reply: (line) => (line.startsWith('RCPT') ? '550 no' : undefined) });
    const [bounce = ''] = await newMail(ann.accountId, async () => {
      await queue.submit({ sender: 'ann@own.test', to: ['bob@there.test'], ret: 'FULL' });
      await runner.runDue();
    });
    expect(bounce).toContain('Content-Type: message/rfc822\r\n');
    expect(bounce).toContain('Subject: hello\r\nMessage-ID: <1@own.test>\r\n\r\n.dot\r\nbody\r\n');
  });

  test.each([
    ['a domain that does not exist', 'nowhere.test', undefined, '5.1.2'],
    ['a null MX', 'null.test', { MX: [[0, '.'] as const] }, '5.1.10'],
    ['mail that would come back to us', 'loop.test', { MX: [[1, 'mail.own.test'] as const] }, '5.4.6'],
  ])('%s, without a connection', async (_, domain, entry, status) => {
    const runner = await start();
    queue.zone['mail.own.test'] = { A: ['127.0.0.1'] };
    if (entry) queue.zone[domain] = entry;
    const [bounce] = await newMail(ann.accountId, async () => {
      await submit(`bob@${domain}`);
      await runner.runDue();
    });
    expect(bounce).toContain(`Status: ${status}\r\n`);
    expect(server.connections).toBe(0);
  });

  test('loopback out of somebody else’s DNS is refused unless the setting allows it', async () => {
    const runner = await start();
    queue.settings['queue.allowPrivateDestinations'] = false;
    const [bounce] = await newMail(ann.accountId, async () => {
      await submit('bob@there.test');
      await runner.runDue();
    });
    queue.settings['queue.allowPrivateDestinations'] = true;
    expect(bounce).toContain('Status: 5.4.4\r\n');
    expect(server.connections).toBe(0);
  });

  test('expired after five days, with the last reply', async () => {
    const runner = await start({ reply: (line) => (line.startsWith('RCPT') ? '450 4.2.1 full' : undefined) });
    queue.settings['queue.delayWarningHours'] = 0;
    const bounces = await newMail(ann.accountId, async () => {
      await submit('bob@there.test');
      for (let hours = 0; hours < 130; hours += 5) {
        await runner.runDue();
        queue.clock.advance(5 * HOUR);
      }
    });
    delete queue.settings['queue.delayWarningHours'];
    expect(await queue.entries()).toEqual([]);
    expect(bounces).toHaveLength(1);
    expect(bounces[0]).toContain('Status: 5.4.7\r\n');
    expect(bounces[0]).toContain('Diagnostic-Code: smtp; 450 4.2.1 full\r\n');
  });

  test('a sender elsewhere gets it through the queue, from the empty sender', async () => {
    const runner = await start({ reply: (line) => (line.includes('<bob@') ? '550 no' : undefined) });
    queue.zone['elsewhere.test'] = { A: ['127.0.0.1'] };
    await queue.submit({ sender: 'sam@elsewhere.test', to: ['bob@there.test'] });
    await runner.runDue();
    expect(server.messages).toHaveLength(1);
    expect(server.messages[0]).toMatchObject({
      mail: expect.stringMatching(/^MAIL FROM:<> /),
      rcpts: ['RCPT TO:<sam@elsewhere.test> NOTIFY=NEVER'],
    });
    expect(await queue.entries()).toEqual([]);
  });

  test('a bounce never bounces', async () => {
    const runner = await start({ reply: (line) => (line.startsWith('RCPT') ? '550 no' : undefined) });
    queue.zone['elsewhere.test'] = { A: ['127.0.0.1'] };
    await queue.submit({ sender: 'sam@elsewhere.test', to: ['bob@there.test'] });
    await runner.runDue();
    expect(server.transcript.filter((line) => line.includes('RCPT'))).toHaveLength(2);
    expect(await queue.entries()).toEqual([]);
    const { rows } = await queue.pool.query(
      `SELECT kind FROM trace WHERE ref LIKE 'dsn-%' AND sender = '' ORDER BY id DESC LIMIT 1`,
    );
    expect(rows).toEqual([{ kind: 'bounced' }]);
  });

  test('a sender of ours that does not exist: traced, and gone', async () => {
    const runner = await start({ reply: (line) => (line.startsWith('RCPT') ? '550 no' : undefined) });
    const ref = await queue.submit({ sender: 'nobody@own.test', to: ['bob@there.test'] });
    await runner.runDue();
    expect(await queue.entries()).toEqual([]);
    expect(await queue.trace(ref)).toEqual(['queued', 'bounced', 'removed']);
  });

  test('a full mailbox gets its bounce when there is room again', async () => {
    const full = await queue.createAccount('full@own.test', 10);
    const runner = await start({ reply: (line) => (line.startsWith('RCPT') ? '550 no' : undefined) });
    await queue.submit({ sender: 'full@own.test', to: ['bob@there.test'] });
    await runner.runDue();
    expect(await states()).toEqual(['full@own.test waiting 1']);
    await queue.pool.query('UPDATE account SET quota_bytes = 0 WHERE id = $1', [full.accountId]);
    queue.clock.advance(HOUR);
    await runner.runDue();
    expect(await queue.entries()).toEqual([]);
    expect(await queue.inbox(full.accountId)).toHaveLength(1);
  });
});

describe('NOTIFY (RFC 3461)', () => {
  test.each([
    ['NEVER', '550 5.1.1 no', null],
    ['SUCCESS', '550 5.1.1 no', null],
    ['FAILURE', '550 5.1.1 no', 'Action: failed'],
    ['SUCCESS,FAILURE', '550 5.1.1 no', 'Action: failed'],
    ['FAILURE', '250 ok', null],
    ['NEVER', '250 ok', null],
  ])('%s and %s', async (notify, reply, expected) => {
    const runner = await start({ extensions: [], reply: (line) => (line.startsWith('RCPT') ? reply : undefined) });
    const [notice] = await newMail(ann.accountId, async () => {
      await submit({ address: 'bob@there.test', notify });
      await runner.runDue();
    });
    if (expected === null) expect(notice).toBeUndefined();
    else expect(notice).toContain(expected);
    expect(await queue.entries()).toEqual([]);
  });

  test('SUCCESS: "relayed" from us only where the next server does not report itself', async () => {
    const runner = await start({ extensions: [] });
    const [notice] = await newMail(ann.accountId, async () => {
      await submit({ address: 'bob@there.test', notify: 'SUCCESS' });
      await runner.runDue();
    });
    expect(notice).toContain('Action: relayed\r\nStatus: 2.0.0\r\n');
    server.options.extensions = ['DSN'];
    queue.clock.advance(MINUTE);
    const none = await newMail(ann.accountId, async () => {
      await submit({ address: 'bob@there.test', notify: 'SUCCESS' });
      await runner.runDue();
    });
    expect(none).toEqual([]);
    expect(server.messages[1]?.rcpts).toEqual(['RCPT TO:<bob@there.test> NOTIFY=SUCCESS']);
  });
});

test('SUCCESS for a folder here: "delivered"', async () => {
  const runner = await start();
  const ben = await queue.createAccount('ben@own.test');
  const [notice] = await newMail(ann.accountId, async () => {
    await submit({ address: 'ben@own.test', notify: 'SUCCESS' });
    await runner.runDue();
  });
  expect(notice).toContain('Final-Recipient: rfc822; ben@own.test\r\nAction: delivered\r\nStatus: 2.1.5\r\n');
  expect(await queue.inbox(ben.accountId)).toHaveLength(1);
  expect(await queue.entries()).toEqual([]);
});

test('a domain in U-labels goes as A-labels to a server without SMTPUTF8', async () => {
  const runner = await start();
  queue.zone['xn--bcher-kva.test'] = { A: ['127.0.0.1'] };
  await submit({ address: 'bob@bücher.test', destination: 'xn--bcher-kva.test' });
  await runner.runDue();
  expect(server.messages[0]?.rcpts).toEqual(['RCPT TO:<bob@xn--bcher-kva.test>']);
});

test('a reply that is cut in the middle of a character, and one with what JSON cannot hold, are written down', async () => {
  const hostile = `550 5.1.1 ${'x'.repeat(501)}😀\u0000`;
  const runner = await start({ reply: (line) => (line.startsWith('RCPT') ? hostile : undefined) });
  const bounces = await newMail(ann.accountId, async () => {
    await submit('bob@there.test');
    await runner.runDue();
  });
  expect(bounces).toHaveLength(1);
  expect(await queue.entries()).toEqual([]);
});

describe('delay warnings', () => {
  test('once, after four hours, and not before', async () => {
    const runner = await start({ reply: (line) => (line.startsWith('RCPT') ? '450 4.2.1 later' : undefined) });
    await submit('bob@there.test', { address: 'quiet@there.test', notify: 'FAILURE' });
    const early = await newMail(ann.accountId, async () => {
      for (let count = 0; count < 3; count += 1) {
        await runner.runDue();
        queue.clock.advance(HOUR);
      }
    });
    expect(early).toEqual([]);
    const [warning = '', ...more] = await newMail(ann.accountId, async () => {
      for (let count = 0; count < 10; count += 1) {
        await runner.runDue();
        queue.clock.advance(HOUR);
      }
    });
    expect(more).toEqual([]);
    expect(warning).toContain('Action: delayed\r\nStatus: 4.2.1\r\n');
    expect(warning).toMatch(/Will-Retry-Until: /);
    expect(warning).not.toContain('quiet@there.test');
    expect(await states()).toEqual([
      expect.stringMatching(/^bob@\S+ waiting/),
      expect.stringMatching(/^quiet@\S+ waiting/),
    ]);
    expect((await queue.entries()).map(({ noticeRef }) => noticeRef)).toEqual([null, null]);
  });
});

describe('a crash', () => {
  test('of a runner in the middle of a delivery: the lease ends, the entry is tried once more and not lost', async () => {
    const hung = await start({
      reply: (line, connection) => (line === 'DATA' && connection === 1 ? 'hang' : undefined),
    });
    const first = server;
    await submit('bob@there.test');
    const stuck = hung.runDue();
    await first.saw('DATA');
    expect(await states()).toEqual(['bob@there.test leased 1']);
    // The dead runner renews nothing: its clock stands still. Another, whose clock goes on, looks.
    const later = new ManualClock(queue.clock.now());
    const other = queue.runner({ remotePort: first.port, clock: later });
    await other.runDue();
    expect(await states()).toEqual(['bob@there.test leased 1']);
    await queue.ageLeases();
    await other.runDue();
    expect(await states()).toEqual(['bob@there.test waiting 1']);
    later.advance(10 * MINUTE);
    await other.runDue();
    expect(first.messages).toHaveLength(1);
    expect(await queue.entries()).toEqual([]);
    // What the first one finds out in the end changes nothing.
    queue.clock.advance(10 * MINUTE);
    await stuck;
    expect(await queue.entries()).toEqual([]);
    expect(first.messages).toHaveLength(1);
  });

  test('between the DSN and the entry’s end: the DSN is not sent again', async () => {
    const runner = await start({ reply: (line) => (line.startsWith('RCPT') ? '550 no' : undefined) });
    let commits = 0;
    const broken = queue.runner({
      remotePort: server.port,
      // Dies when the DSN is in: what would come after never happens.
      intake: {
        begin: (envelope) => {
          const transaction = queue.intake.begin(envelope);
          return {
            write: (chunk) => transaction.write(chunk),
            finish: () => transaction.finish(),
            abort: async () => undefined,
            commit: async (extra) => {
              await transaction.commit(extra);
              commits += 1;
              throw new Error('killed');
            },
          };
        },
        close: async () => undefined,
      },
    });
    const bounces = await newMail(ann.accountId, async () => {
      await submit('bob@there.test');
      await broken.runDue();
      await runner.runDue();
    });
    expect(commits).toBe(1);
    expect(bounces).toHaveLength(1);
    expect(await queue.entries()).toEqual([]);
  });

  test('before the DSN: it is sent by the next', async () => {
    const runner = await start({ reply: (line) => (line.startsWith('RCPT') ? '550 no' : undefined) });
    const broken = queue.runner({
      remotePort: server.port,
      intake: {
        begin: () => {
          throw new Error('killed');
        },
        close: async () => undefined,
      },
    });
    const bounces = await newMail(ann.accountId, async () => {
      await submit('bob@there.test');
      await broken.runDue();
      expect((await queue.entries()).map(({ state }) => state)).toEqual(['bounced']);
      await runner.runDue();
    });
    expect(bounces).toHaveLength(1);
    expect(await queue.entries()).toEqual([]);
  });

  test('of a delivery to a folder here: the copy is not stored again', async () => {
    const runner = await start();
    await queue.submit({ sender: 'sam@elsewhere.test', to: ['ann@own.test'] });
    const { rows } = await queue.pool.query<{ id: number }>('SELECT blob_id AS id FROM queue_message');
    const mails = await newMail(ann.accountId, async () => {
      const local = { kind: 'local' as const, ...ann, address: 'ann@own.test' };
      await deliver(queue.intake, [local], 'Subject: hello\r\n\r\nx\r\n', {
        ref: `queue-blob-${rows[0]?.id}-${ann.accountId}`,
      });
      await runner.runDue();
    });
    expect(mails).toHaveLength(1);
    expect(await queue.entries()).toEqual([]);
  });
});

describe('closing', () => {
  const hangAt = (command: string) => start({ reply: (line) => (line.startsWith(command) ? 'hang' : undefined) });

  test('cuts at once what has not reached its final dot; nothing stays leased', async () => {
    const runner = await hangAt('MAIL');
    await submit('bob@there.test');
    const due = runner.runDue();
    await server.saw('MAIL');
    await runner.close(7_000);
    await due;
    expect(await states()).toEqual(['bob@there.test waiting 1']);
  });

  test('waits for the reply to a message that is out', async () => {
    const runner = await hangAt('(message)');
    const ref = await submit('bob@there.test');
    const due = runner.runDue();
    await server.saw('(message)');
    const closed = runner.close(7_000);
    queue.clock.advance(6_999);
    server.say('250 2.0.0 taken');
    await Promise.all([closed, due]);
    expect(await queue.entries()).toEqual([]);
    expect(await queue.trace(ref)).toEqual(['submitted', 'queued', 'delivered']);
  });

  test('but not for ever', async () => {
    const runner = await hangAt('(message)');
    await submit('bob@there.test');
    const due = runner.runDue();
    await server.saw('(message)');
    const closed = runner.close(7_000);
    queue.clock.advance(7_000);
    await Promise.all([closed, due]);
    expect(await states()).toEqual(['bob@there.test waiting 1']);
  });

  test('does not wait for a name service either', async () => {
    const asked = Promise.withResolvers<void>();
    const { promise: silence, resolve: end } = Promise.withResolvers<{ kind: 'nodata' }>();
    const ask = () => {
      asked.resolve();
      return silence;
    };
    const resolver = {
      resolveMx: ask,
      resolveAddresses: ask,
      resolveText: ask,
      resolvePointer: ask,
      close: () => undefined,
    };
    const runner = queue.runner({ resolver });
    await submit('bob@there.test');
    const due = runner.runDue();
    await asked.promise;
    await runner.close(7_000);
    await due;
    expect(await states()).toEqual(['bob@there.test waiting 1']);
    end({ kind: 'nodata' });
  });
});

describe('several runners', () => {
  test('share one queue without delivering anything twice', async () => {
    const one = await start();
    const two = queue.runner({ remotePort: server.port });
    const three = queue.runner({ remotePort: server.port });
    const refs = await Promise.all(
      Array.from({ length: 60 }, (_, index) => queue.submit({ sender: 'ann@own.test', to: [`u${index}@there.test`] })),
    );
    await Promise.all([one.runDue(), two.runDue(), three.runDue()]);
    expect(refs).toHaveLength(60);
    expect(new Set(server.messages.map(({ rcpts }) => rcpts[0])).size).toBe(60);
    expect(server.messages).toHaveLength(60);
    expect(await queue.entries()).toEqual([]);
  });
});

test('a running queue wakes for a message by itself', async () => {
  const runner = await start();
  await runner.start();
  await submit('bob@there.test');
  createQueuedAnnouncer(queue.pool)();
  await server.saw('(message)');
  await runner.close(0);
  expect(server.messages).toHaveLength(1);
});

describe('hosted here', () => {
  test('an alias with one full mailbox: the other gets no second copy', async () => {
    const runner = await start();
    const roomy = await queue.createAccount('roomy@own.test');
    const tight = await queue.createAccount('tight@own.test', 10);
    await queue.addAlias('team@own.test', [roomy.accountId, tight.accountId]);
    const locals = [roomy, tight].map((account) => ({ kind: 'local' as const, ...account, address: 'team@own.test' }));
    await deliver(queue.intake, locals, 'Subject: to all\r\n\r\nx\r\n', { ref: 'to-team' });
    await runner.runDue();
    queue.clock.advance(HOUR);
    await runner.runDue();
    expect(await states()).toEqual(['team@own.test waiting 2']);
    await queue.pool.query('UPDATE account SET quota_bytes = 0 WHERE id = $1', [tight.accountId]);
    queue.clock.advance(HOUR);
    await runner.runDue();
    expect(await queue.entries()).toEqual([]);
    expect([(await queue.inbox(roomy.accountId)).length, (await queue.inbox(tight.accountId)).length]).toEqual([1, 1]);
  });

  test('an alias with two full mailboxes: each gets one copy when there is room', async () => {
    const runner = await start();
    const roomy = await queue.createAccount('wide@own.test');
    const tight = [await queue.createAccount('full1@own.test', 10), await queue.createAccount('full2@own.test', 10)];
    const all = [roomy, ...tight];
    const address = 'crew@own.test';
    await queue.addAlias(
      address,
      all.map(({ accountId }) => accountId),
    );
    const locals = all.map((account) => ({ kind: 'local' as const, ...account, address }));
    await deliver(queue.intake, locals, 'Subject: to all\r\n\r\nx\r\n', { ref: 'to-crew' });
    await queue.pool.query('UPDATE account SET quota_bytes = 0');
    await runner.runDue();
    expect(await queue.entries()).toEqual([]);
    for (const { accountId } of all) expect(await queue.inbox(accountId)).toHaveLength(1);
  });

  test('unknown: bounced to a sender elsewhere', async () => {
    const runner = await start();
    queue.zone['elsewhere.test'] = { A: ['127.0.0.1'] };
    await queue.submit({ sender: 'sam@elsewhere.test', to: ['gone@own.test'] });
    await runner.runDue();
    expect(server.messages[0]?.bytes.toString()).toContain('Status: 5.1.1');
  });
});

describe('held back', () => {
  const HOLD = { reason: 'over 500 messages today' };

  test('a message held on arrival waits for its release, local recipients too, with the reason on each entry', async () => {
    const runner = await start();
    const { address, ...target } = { ...ann, address: 'Ann@own.test' };
    const recipients: IntakeRecipient[] = [
      { kind: 'remote', address: 'bob@there.test', destination: 'there.test' },
      { kind: 'local', address, ...target },
      { kind: 'local', address: 'ann@own.test', ...target, folder: 'Junk' },
    ];
    const before = await queue.inbox(ann.accountId);
    const ref = 'held-1';
    await deliver(queue.intake, recipients, 'Subject: h\r\n\r\nh\r\n', { ref, hold: HOLD });
    await runner.runDue();
    expect(server.messages).toHaveLength(0);
    expect(await queue.inbox(ann.accountId)).toEqual(before);
    const { rows } = await queue.pool.query('SELECT recipient, state::text, hold_reason FROM queue_entry ORDER BY id');
    expect(rows).toEqual([
      { recipient: 'bob@there.test', state: 'held', hold_reason: HOLD.reason },
      { recipient: address, state: 'held', hold_reason: HOLD.reason },
    ]);
    await queue.pool.query(`UPDATE queue_entry SET state = 'waiting'`);
    expect(await newMail(ann.accountId, () => runner.runDue())).toHaveLength(1);
    expect(server.messages).toHaveLength(1);
  });

  test('a scheduled message leaves at its time and not before, and lives on from there', async () => {
    const runner = await start({ reply: (line) => (line === '(greeting)' ? '421 busy' : undefined) });
    const notBefore = new Date(queue.clock.now().getTime() + 240 * HOUR);
    const sender = 'ann@own.test';
    const recipients: IntakeRecipient[] = [{ kind: 'remote', address: 'bob@there.test', destination: 'there.test' }];
    await deliver(queue.intake, recipients, 'Subject: h\r\n\r\nh\r\n', { ref: 'later-1', sender, notBefore });
    queue.clock.advance(239 * HOUR);
    await runner.runDue();
    expect(server.connections).toBe(0);
    queue.clock.advance(HOUR);
    expect(await newMail(ann.accountId, () => runner.runDue())).toEqual([]);
    expect(await states()).toEqual(['bob@there.test waiting 1']);
    queue.clock.advance(5 * HOUR);
    const [delayed] = await newMail(ann.accountId, () => runner.runDue());
    expect(delayed).toContain('Action: delayed');
    expect(await states()).toEqual(['bob@there.test waiting 2']);
  });
});
