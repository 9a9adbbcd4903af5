import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import type { LineClient } from '#engine/net/testing/line-client.ts';
import type { AccessDecision } from '#server/access-rules/types.ts';
import { SYSTEM } from '#server/actor/actor.ts';
import { createDomain } from '#server/domains/create-domain.ts';
import { type MailServer, openMailServer } from '../testing/open-mail-server.ts';

let server: MailServer;
/** What the access rules say of the next client. */
let access: AccessDecision;
/** Deliberate delays, in ms; they last no time unless held. */
let delays: number[] = [];
let held: (() => void)[] | null = null;
let lines: string[] = [];
/** How far SMTP's clock is ahead. */
let aheadMs = 0;
const clients: LineClient[] = [];

/** The mail log's own timer, which is no delay. */
const GATHER_MS = 2_000;

function setTimer(ms: number, run: () => void): () => void {
  if (ms !== GATHER_MS) delays.push(ms);
  if (ms !== GATHER_MS && held !== null) held.push(run);
  else setImmediate(run);
  return () => undefined;
}

beforeAll(async () => {
  const log = pino(
    { base: null, timestamp: false },
    new Writable({
      write: (chunk, _, done) => {
        for (const line of String(chunk).split('\n').filter(Boolean)) lines.push(JSON.parse(line).msg);
        done();
      },
    }),
  );
  server = await openMailServer(inject('clusterUrl'), {
    now: () => new Date(Date.now() + aheadMs),
    timers: { setTimer },
    access: { decide: () => access },
    log,
  });
});
afterAll(async () => {
  for (const client of clients) client.cut();
  await server.close();
});
beforeEach(() => {
  access = { allow: true, rule: null, variables: new Map() };
  delays = [];
  lines = [];
  held = null;
});
afterEach(() => {
  Object.assign(server.checkSettings, {
    thresholds: { recipients: 0, wrong: 20 },
    receive: { perHour: 0, perDay: 0 },
    fullIsFinal: false,
    checksSenderDomain: false,
    logsAccepted: true,
  });
});

async function connect(sender = 'a@remote.example', service: 'mx' | 'submission' = 'mx'): Promise<LineClient> {
  const client = await server.connect(service);
  clients.push(client);
  await client.reply();
  await client.ask('EHLO client.example');
  expect(await client.ask(`MAIL FROM:<${sender}>`)).toMatch(/^250 /);
  return client;
}

const rules = (variables: Record<string, string>) => {
  access = { allow: true, rule: '127.', variables: new Map(Object.entries(variables)) };
};
const chkuser = () => lines.filter((line) => line.startsWith('CHKUSER'));
const UNKNOWN = '550 5.1.1 sorry, no mailbox here by that name (chkuser)';
const INTRUDER = '550 5.7.1 sorry, you are violating our security policies (chkuser)';
const OUT = '421 4.7.0 sorry, you are violating our security policies, closing (chkuser)';

describe('unknown recipients', () => {
  const guess = (count: number) =>
    Array.from({ length: count }, (_, i) => `RCPT TO:<guess${i}@one.example>\r\n`).join('');

  test('at the limit the session is marked: refused ever slower, whoever it names, then ended', async () => {
    server.checkSettings.thresholds.wrong = 4;
    const client = await connect();
    client.send(`${guess(4)}RCPT TO:<ann@one.example>\r\nRSET\r\nMAIL FROM:<b@remote.example>\r\n${guess(10)}`);
    const answers = (await client.rest()).split('\r\n');
    expect(answers.slice(0, 5)).toEqual([UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, INTRUDER]);
    expect(answers.slice(5, 7)).toEqual(['250 2.0.0 Ok', '250 2.1.0 Sender ok']);
    expect(answers.slice(7)).toEqual([INTRUDER, INTRUDER, OUT, '']);
    expect(delays).toEqual([1_000, 1_300, 1_600, 1_900]);
    expect(chkuser().slice(3, 6)).toEqual([
      'CHKUSER rejected rcpt: from <a@remote.example::> remote <client.example::127.0.0.1> rcpt <guess3@one.example> : not existing recipient',
      'CHKUSER intrusion threshold: from <a@remote.example::> remote <client.example::127.0.0.1> rcpt <guess3@one.example> : max number of allowed invalid rcpt',
      'CHKUSER rejected intrusion: from <a@remote.example::> remote <client.example::127.0.0.1> rcpt <ann@one.example> : rcpt ignored, session over intrusion threshold',
    ]);
  });

  test('a rule’s CHKUSER_WRONGRCPTLIMIT goes before the setting; none at all is none', async () => {
    rules({ CHKUSER_WRONGRCPTLIMIT: '2' });
    const strict = await connect();
    strict.send(guess(3));
    expect([await strict.reply(), await strict.reply(), await strict.reply()]).toEqual([UNKNOWN, UNKNOWN, INTRUDER]);
    server.checkSettings.thresholds.wrong = 0;
    rules({});
    const free = await connect();
    free.send(guess(60));
    for (let index = 0; index < 60; index += 1) expect(await free.reply()).toBe(UNKNOWN);
  });

  test('a wait ends with the client, and with it its place', async () => {
    server.checkSettings.thresholds.wrong = 1;
    held = [];
    const client = await connect();
    client.send('RCPT TO:<nobody@one.example>\r\n');
    await expect.poll(() => server.recipientCheck.heldBack).toBe(1);
    client.socket.resetAndDestroy();
    await expect.poll(() => server.recipientCheck.heldBack).toBe(0);
  });

  test('where too many are held back already, the next is ended at once', async () => {
    server.checkSettings.thresholds.wrong = 1;
    server.recipientCheck.heldBack = server.recipientCheck.maxHeldBack;
    const client = await connect();
    client.send('RCPT TO:<nobody@one.example>\r\n');
    expect(await client.rest()).toBe(`${OUT}\r\n`);
    server.recipientCheck.heldBack = 0;
    expect(delays).toEqual([]);
  });
});

describe('all recipients of a session', () => {
  test('a limit of n lets n - 1 through, over all its messages', async () => {
    server.checkSettings.thresholds.recipients = 4;
    const client = await connect();
    expect(await client.ask('RCPT TO:<ann@one.example>')).toMatch(/^250 /);
    expect(await client.ask('RCPT TO:<nobody@one.example>')).toBe(UNKNOWN);
    await client.ask('RSET');
    await client.ask('EHLO again.example');
    await client.ask('MAIL FROM:<b@remote.example>');
    expect(await client.ask('RCPT TO:<ben@one.example>')).toMatch(/^250 /);
    expect(await client.ask('RCPT TO:<carl@one.example>')).toBe(
      '550 5.5.3 sorry, reached maximum number of recipients allowed in one session (chkuser)',
    );
    expect(await client.ask('RCPT TO:<carl@one.example>')).toBe(INTRUDER);
    expect(delays).toEqual([1_000, 1_300]);
    await client.ask('DATA');
    expect(await client.ask('x: y\r\n\r\n.')).toMatch(/^250 /);
  });

  test('TARPITCOUNT and TARPITDELAY slow down those over the count', async () => {
    rules({ TARPITCOUNT: '2', TARPITDELAY: '7' });
    const client = await connect();
    for (const name of ['ann', 'ben', 'carl']) {
      expect(await client.ask(`RCPT TO:<${name}@one.example>`)).toMatch(/^250 /);
    }
    expect(delays).toEqual([7_000]);
    server.recipientCheck.heldBack = server.recipientCheck.maxHeldBack;
    expect(await client.ask('RCPT TO:<ann+x@one.example>')).toMatch(/^250 /);
    server.recipientCheck.heldBack = 0;
    expect(delays).toEqual([7_000]);
  });
});

describe('relaying', () => {
  const FAR = 'RCPT TO:<zoe@elsewhere.example>';

  test('is for clients whose rule sets RELAYCLIENT', async () => {
    expect(await (await connect()).ask(FAR)).toBe(
      "553 5.7.1 sorry, that domain isn't in my list of allowed rcpthosts (chkuser)",
    );
    rules({ RELAYCLIENT: '', CHKUSER_IDENTIFY: 'office' });
    const client = await connect();
    expect(await client.ask(FAR)).toMatch(/^250 /);
    expect(chkuser().at(-1)).toBe(
      'CHKUSER relaying rcpt: from <a@remote.example::office> remote <client.example::127.0.0.1> rcpt <zoe@elsewhere.example> : client allowed to relay',
    );
    await client.ask('DATA');
    expect(await client.ask('x: y\r\n\r\n.')).toMatch(/^250 /);
    const { rows } = await server.pool.query('SELECT recipient, destination FROM queue_entry ORDER BY id DESC LIMIT 1');
    expect(rows).toEqual([{ recipient: 'zoe@elsewhere.example', destination: 'elsewhere.example' }]);
  });

  test('appends what RELAYCLIENT is set to', async () => {
    rules({ RELAYCLIENT: '@fix.example' });
    const client = await connect();
    expect(await client.ask(FAR)).toMatch(/^250 /);
    await client.ask('DATA');
    await client.ask('x: y\r\n\r\n.');
    const { rows } = await server.pool.query('SELECT recipient, destination FROM queue_entry ORDER BY id DESC LIMIT 1');
    expect(rows).toEqual([{ recipient: '"zoe@elsewhere.example"@fix.example', destination: 'fix.example' }]);
  });

  test('CHKUSER_MUSTAUTH wants a sign-in even for domains of ours', async () => {
    rules({ CHKUSER_MUSTAUTH: '1' });
    const client = await connect();
    expect(await client.ask('RCPT TO:<ann@one.example>')).toBe('530 5.7.0 Authentication required (chkuser)');
  });
});

describe('receive limits', () => {
  const sendTo = async (name: string): Promise<string> => {
    const client = await connect();
    const answer = await client.ask(`RCPT TO:<${name}@one.example>`);
    if (!answer.startsWith('250')) return answer;
    await client.ask('DATA');
    return await client.ask('x: y\r\n\r\n.');
  };

  test('of a mailbox refuse for now, and let through again as the hour passes', async () => {
    const id = BigInt(server.accounts.carl ?? 0);
    await server.db.account.update({ where: { id }, data: { receivePerHour: 2 } });
    await expect
      .poll(async () => {
        const client = await connect();
        await client.ask('RCPT TO:<carl@one.example>');
        return server.recipientCheck.received.size;
      })
      .toBe(1);
    expect([await sendTo('carl'), await sendTo('carl')]).toEqual([
      expect.stringMatching(/^250 /),
      expect.stringMatching(/^250 /),
    ]);
    expect(await sendTo('carl')).toBe(
      '450 4.2.1 sorry, this mailbox gets too much mail just now, try again later (chkuser)',
    );
    expect(await sendTo('carl+anything')).toMatch(/^450 4\.2\.1 /);
    expect(await sendTo('ann')).toMatch(/^250 /);
    aheadMs += 2 * 3_600_000;
    expect(await sendTo('carl')).toMatch(/^250 /);
    await server.db.account.update({ where: { id }, data: { receivePerHour: null } });
  });

  test('in general hold for who has none of its own', async () => {
    server.checkSettings.receive = { perHour: 0, perDay: 1 };
    expect(await sendTo('ben')).toMatch(/^250 /);
    expect(await sendTo('ben')).toMatch(/^450 4\.2\.1 /);
    // The alias has somebody else to go to.
    expect(await sendTo('team')).toMatch(/^250 /);
  });
});

describe('the sender’s domain', () => {
  const mailFrom = async (sender: string): Promise<string> => {
    const client = await server.connect('mx');
    clients.push(client);
    await client.reply();
    await client.ask('EHLO client.example');
    return client.ask(`MAIL FROM:<${sender}>`);
  };
  const OK = '250 2.1.0 Sender ok';
  const NO_MX = "550 5.1.8 sorry, can't find a valid MX for sender domain (chkuser)";

  beforeEach(() => {
    server.checkSettings.checksSenderDomain = true;
    held = []; // deadlines that do not come
    Object.assign(server.zone, {
      'mx.example': { MX: [[10, 'a.mx.example']] },
      'null.example': { MX: [[0, '.']] },
      'host.example': { A: ['192.0.2.1'] },
      'six.example': { AAAA: ['2001:db8::1'] },
      'bare.example': { MX: [] },
      'broken.example': 'SERVFAIL',
    });
  });

  test.each([
    ['a@mx.example', OK],
    ['a@host.example', OK],
    ['a@six.example', OK],
    ['a@[192.0.2.7]', OK],
    ['', OK],
    ['ann@one.example', OK],
    ['a@null.example', NO_MX],
    ['a@nowhere.example', NO_MX],
    ['a@bare.example', NO_MX],
    ['a@broken.example', '451 4.4.0 DNS temporary failure (chkuser)'],
  ])('%s: %s', async (sender, answer) => {
    expect(await mailFrom(sender)).toBe(answer);
  });

  test.each([{ RELAYCLIENT: '' }, { CHKUSER_SENDER_NOCHECK: '1' }, { CHKUSER_START: 'NONE' }])(
    'is not looked at where a rule sets %j',
    async (variables) => {
      rules(variables);
      expect(await mailFrom('a@nowhere.example')).toBe(OK);
    },
  );

  test('a name service that does not answer in time is a temporary failure', async () => {
    server.zone['silent.example'] = 'silence';
    const client = await server.connect('mx');
    clients.push(client);
    await client.reply();
    await client.ask('EHLO client.example');
    client.send('MAIL FROM:<a@silent.example>\r\n');
    expect(await client.reply()).toBe('451 4.4.0 DNS temporary failure (chkuser)');
  });
});

describe('the log', () => {
  test('has a line for each recipient taken, unless that is switched off', async () => {
    const client = await connect();
    await client.ask('RCPT TO:<ann+x@one.example>');
    expect(chkuser()).toEqual([
      'CHKUSER accepted rcpt: from <a@remote.example::> remote <client.example::127.0.0.1> rcpt <ann+x@one.example> : found existing recipient',
    ]);
    server.checkSettings.logsAccepted = false;
    await client.ask('RCPT TO:<ben@one.example>');
    expect(chkuser()).toHaveLength(1);
  });

  test('cannot be made to say what is not so', async () => {
    const client = await connect('"x:y> rcpt <b"@remote.example');
    client.send(Buffer.from('RCPT TO:<"a> : found existing recipient\u202e"@one.example>\r\n'));
    expect(await client.reply()).toMatch(/^55/);
    await client.ask('RCPT TO:<"a> : found existing recipient"@one.example>');
    await client.ask('RCPT TO:<bad> : found <x@y>');
    for (const line of chkuser()) {
      expect(line).toMatch(
        /^CHKUSER rejected rcpt: from <[^<>: ]*:[^<>: ]*:[^<>: ]*> remote <[^<>: ]*:[^<>: ]*:127\.0\.0\.1> rcpt <[^<>: ]*> : [a-z ]+$/,
      );
    }
    expect(chkuser().length).toBeGreaterThan(1);
  });

  test('refused recipients are in the mail log too, with the domain whose they are', async () => {
    const client = await connect();
    const name = `traced${Date.now()}`;
    await client.ask(`RCPT TO:<${name}@one.example>`);
    const read = async () => {
      const { rows } = await server.pool.query(
        `SELECT t.kind, t.sender, t.peer, t.detail, d.name FROM trace t JOIN domain d ON d.id = t.domain_id WHERE t.recipient = $1`,
        [`${name}@one.example`],
      );
      return rows;
    };
    await expect
      .poll(read)
      .toEqual([
        { kind: 'refused', sender: 'a@remote.example', peer: '127.0.0.1', detail: UNKNOWN, name: 'one.example' },
      ]);
  });
});

describe('addresses', () => {
  test('a catch-all takes what nobody else does, and says so in the log', async () => {
    const context = { db: server.db, actor: SYSTEM, now: () => new Date() };
    const { id } = await createDomain(context, { name: 'all.example' });
    const catchAllAccountId = BigInt(server.accounts.ann ?? 0);
    await server.db.domain.update({ where: { id: BigInt(id) }, data: { catchAllAccountId } });
    const client = await connect();
    expect(await client.ask('RCPT TO:<whoever@all.example>')).toMatch(/^250 /);
    expect(chkuser().at(-1)).toMatch(/^CHKUSER accepted any rcpt: .* : accepted any recipient for this domain$/);
    await client.ask('DATA');
    await client.ask('Subject: caught\r\n\r\n.');
    expect((await server.readInbox('ann')).at(-1)).toContain('Delivered-To: whoever@all.example\r\n');
  });

  test('an extension goes to the name it extends, under the address it was sent to', async () => {
    const client = await connect();
    expect(await client.ask('RCPT TO:<Carl+Lists.x@one.example>')).toMatch(/^250 /);
    await client.ask('DATA');
    await client.ask('Subject: extended\r\n\r\n.');
    expect((await server.readInbox('carl')).at(-1)).toContain('Delivered-To: Carl+Lists.x@one.example\r\n');
  });

  test('a forward with a copy: the copy is in the folder, the rest in the queue, at the 250', async () => {
    const domainId = (await server.db.domain.findFirstOrThrow({ where: { name: 'one.example' } })).id;
    const destinations = { create: [{ destination: 'zoe@elsewhere.example' }] };
    const targets = { create: [{ accountId: BigInt(server.accounts.ann ?? 0) }] };
    await server.db.address.create({ data: { domainId, localPart: 'both', kind: 'forward', destinations, targets } });
    const client = await connect();
    expect(await client.ask('RCPT TO:<both@one.example>')).toMatch(/^250 /);
    await client.ask('DATA');
    const answer = await client.ask('Subject: both ways\r\n\r\n.');
    const message = (await server.readInbox('ann')).at(-1) ?? '';
    expect(message).toContain('Delivered-To: both@one.example\r\n');
    expect(message).toContain('Subject: both ways');
    const { rows } = await server.pool.query(
      'SELECT e.recipient, e.destination FROM queue_entry e JOIN queue_message m ON m.id = e.message_id WHERE m.ref = $1',
      [answer.split(' ').at(-1)],
    );
    expect(rows).toEqual([{ recipient: 'both@one.example', destination: 'one.example' }]);
  });
});

test('while the directory cannot be asked, recipients are put off', async () => {
  const client = await connect();
  await server.pool.query('ALTER TABLE address RENAME TO address_away');
  try {
    expect(await client.ask('RCPT TO:<never-asked@one.example>')).toBe(
      '451 4.3.0 system temporary unavailable, try again later (chkuser)',
    );
    expect(chkuser().at(-1)).toMatch(/^CHKUSER no auth resource: .* : no auth resource available$/);
  } finally {
    await server.pool.query('ALTER TABLE address_away RENAME TO address');
  }
});

test('a full mailbox refuses for good where that is chosen', async () => {
  const id = BigInt(server.accounts.full ?? 0);
  await server.db.account.update({ where: { id }, data: { quotaBytes: 1n } });
  await server.db.accountUsage.update({ where: { accountId: id }, data: { sizeBytes: 1n } });
  server.checkSettings.fullIsFinal = true;
  const client = await connect();
  await expect
    .poll(() => client.ask('RCPT TO:<full@one.example>'))
    .toBe('552 5.2.2 sorry, recipient mailbox is full (chkuser)');
  expect(chkuser().at(-1)).toMatch(/^CHKUSER mbx overquota: .* : rcpt mailbox is overquota$/);
  await server.db.accountUsage.update({ where: { accountId: id }, data: { sizeBytes: 0n } });
});
