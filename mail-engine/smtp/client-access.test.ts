/** What access rules, block lists and POP-before-SMTP do to SMTP sessions: real services, clients from anywhere by PROXY headers. */
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { ManualClock } from '#engine/testing/manual-clock.ts';
import { restoreVersion } from '#server/access-rules/restore-version.ts';
import { SYSTEM } from '#server/actor/actor.ts';
import { type MailServer, openMailServer } from './testing/open-mail-server.ts';
import { OutsideClients } from './testing/outside-clients.ts';

let server: MailServer;
let log: string[] = [];
const clock = new ManualClock();
let clients: OutsideClients;

beforeAll(async () => {
  const stream = { write: (line: string) => log.push(line) };
  server = await openMailServer(inject('clusterUrl'), {
    proxied: true,
    now: () => clock.now(),
    timers: clock,
    log: pino({ level: 'info' }, stream),
  });
  clients = new OutsideClients(server, clock);
  await server.db.domain.updateMany({ data: { popBeforeSmtp: true } });
});
afterAll(async () => {
  clients.cut();
  await server.close();
});
beforeEach(() => {
  log = [];
});

const context = () => ({ db: server.db, actor: SYSTEM, now: () => clock.now() });

async function relay(address: string, sender: string): Promise<string> {
  const client = await clients.addressed(address, sender);
  return client.ask('RCPT TO:<friend@elsewhere.example>');
}

const queued = async () => {
  const { rows } = await server.pool.query<{ recipient: string; account_id: number | null }>(
    'SELECT e.recipient, m.account_id FROM queue_entry e JOIN queue_message m ON m.id = e.message_id ORDER BY e.id',
  );
  return rows.map(({ recipient, account_id: account }) => `${recipient} ${account ?? 'nobody'}`);
};

describe('a rule', () => {
  test('that denies closes the connection without a word', async () => {
    await clients.useRules('45.0.0.1:deny\n:allow');
    expect(await (await clients.connect('45.0.0.1')).rest()).toBe('');
    expect((await clients.greeted('45.0.0.2')) !== undefined).toBe(true);
  });

  test('with RELAYCLIENT lets its clients relay, and nobody else', async () => {
    await clients.useRules('45.0.0.7:allow,RELAYCLIENT=""\n45.0.0.8:allow,RELAYCLIENT="@gateway.example"');
    expect(await relay('45.0.0.9', 'ann@one.example')).toMatch(/^553 5\.7\.1 /);
    const client = await clients.addressed('45.0.0.7', 'anybody@remote.example');
    expect(await client.ask('RCPT TO:<friend@elsewhere.example>')).toMatch(/^250 /);
    await client.ask('DATA');
    expect(await client.ask('x: y\r\n\r\n.')).toMatch(/^250 /);
    expect(await queued()).toEqual(['friend@elsewhere.example nobody']);
    // The suffix is appended to the whole address, which becomes a local part.
    const tagged = await clients.addressed('45.0.0.8');
    expect(await tagged.ask('RCPT TO:<ann@one.example>')).toMatch(/^250 /);
    await tagged.ask('DATA');
    expect(await tagged.ask('x: y\r\n\r\n.')).toMatch(/^250 /);
    expect((await queued()).at(-1)).toBe('"ann@one.example"@gateway.example nobody');
    expect(await server.readInbox('ann')).toHaveLength(0);
  });

  test('with DATABYTES sets how big a message may be, at every place where size counts', async () => {
    await clients.useRules('45.0.1.:allow,DATABYTES="1000"\n45.0.2.:allow,DATABYTES="0"\n45.0.3.:allow,DATABYTES="x"');
    const small = await clients.connect('45.0.1.1');
    await small.reply();
    expect(await small.ask('EHLO c.example')).toContain('250-SIZE 1000\n');
    expect(await small.ask('MAIL FROM:<> SIZE=1001')).toMatch(/^552 5\.3\.4 /);
    await small.ask('MAIL FROM:<> SIZE=10');
    await small.ask('RCPT TO:<ann@one.example>');
    await small.ask('DATA');
    expect(await small.ask(`${'x'.repeat(998)}\r\n\r\n.`)).toMatch(/^552 5\.3\.4 /);
    await small.ask('MAIL FROM:<>');
    await small.ask('RCPT TO:<ann@one.example>');
    small.send(`BDAT 1001 LAST\r\n${'x'.repeat(999)}\r\n`);
    expect(await small.reply()).toMatch(/^552 5\.3\.4 /);
    const big = await clients.connect('45.0.2.1');
    await big.reply();
    expect(await big.ask('EHLO c.example')).toContain(`250-SIZE ${1024 ** 3}\n`);
    const usual = await clients.connect('45.0.3.1');
    await usual.reply();
    expect(await usual.ask('EHLO c.example')).toContain('250-SIZE 1000000\n');
  });

  test('with other variables puts them into the trace of the messages, and only of these', async () => {
    await clients.useRules('45.0.4.1:allow,POLICY="strict",SHOP="a b",DATABYTES="0"');
    for (const address of ['45.0.4.1', '45.0.4.2']) {
      const client = await clients.addressed(address);
      await client.ask('RCPT TO:<ben@one.example>');
      await client.ask('DATA');
      await client.ask('x: y\r\n\r\n.');
    }
    const sql = `SELECT peer, detail FROM trace WHERE kind = 'stored' AND peer LIKE '45.0.4.%' ORDER BY peer`;
    expect((await server.pool.query(sql)).rows).toEqual([
      { peer: '45.0.4.1', detail: 'POLICY="strict" SHOP="a b"' },
      { peer: '45.0.4.2', detail: null },
    ]);
  });

  test('with RELAYCLIENT relays to addresses others have given out, written as the RFC wants them', async () => {
    await clients.useRules('45.0.0.7:allow,RELAYCLIENT=""');
    const client = await clients.addressed('45.0.0.7', 'anybody@remote.example');
    const long = `${'x'.repeat(100)}@elsewhere.example`;
    for (const recipient of ['taro.@elsewhere.example', 'a..b@elsewhere.example', long]) {
      expect(await client.ask(`RCPT TO:<${recipient}>`)).toMatch(/^250 /);
    }
    await client.ask('DATA');
    expect(await client.ask('x: y\r\n\r\n.')).toMatch(/^250 /);
    const written = ['"taro."@elsewhere.example', '"a..b"@elsewhere.example', long];
    expect((await queued()).slice(-3)).toEqual(written.map((recipient) => `${recipient} nobody`));
  });

  test('with TARPITCOUNT holds back every recipient after so many, and ends with the client', async () => {
    await clients.useRules('45.0.5.:allow,TARPITCOUNT="1",TARPITDELAY="30"');
    const client = await clients.addressed('45.0.5.1');
    expect(await client.ask('RCPT TO:<ann@one.example>')).toMatch(/^250 /);
    const idle = clock.timers;
    let answered = false;
    const answer = client.ask('RCPT TO:<ben@one.example>').then((reply) => {
      answered = true;
      return reply;
    });
    await expect.poll(() => clock.timers).toBe(idle + 1);
    clock.advance(29_999);
    expect(answered).toBe(false);
    clock.advance(1);
    expect(await answer).toMatch(/^250 /);
    const before = clock.timers;
    client.send('RCPT TO:<carl@one.example>\r\n');
    await expect.poll(() => clock.timers).toBe(before + 1);
    client.cut();
    await expect.poll(() => clock.timers).toBe(before);
  });
});

describe('a client held back', () => {
  const heldBack = async (address: string, times: number) => {
    await clients.useRules('45.0.5.:allow,TARPITCOUNT="1",TARPITDELAY="30"');
    const client = await clients.addressed(address);
    expect(await client.ask('RCPT TO:<ann@one.example>')).toMatch(/^250 /);
    for (let held = 0; held < times; held += 1) {
      const idle = clock.timers;
      client.send(`RCPT TO:<ben+${held}@one.example>\r\n`);
      await expect.poll(() => clock.timers).toBe(idle + 1);
      clock.advance(30_000);
      expect(await client.reply()).toMatch(/^250 /);
    }
    return client;
  };

  test('longer than a message may take to begin still brings it to its end', async () => {
    const client = await heldBack('45.0.5.2', 25);
    clock.advance(9 * 60_000);
    await client.ask('DATA');
    expect(await client.ask('x: y\r\n\r\n.')).toMatch(/^250 /);
  });

  test('has no more time of its own than others', async () => {
    const client = await heldBack('45.0.5.3', 2);
    clock.advance(10 * 60_000);
    client.send('NOOP\r\nNOOP\r\n');
    expect(await client.rest()).toMatch(/^(?:250 [^\n]*\n)?421 4\.4\.2 Timeout, closing the connection\r\n$/);
  });
});

describe('RBLSMTPD', () => {
  test.each([
    ['-go away', '553 5.7.1 go away', 'rblsmtpd: 45.0.6.1 pid \\d+: 553 go away'],
    ['come later', '451 4.7.1 come later', 'rblsmtpd: 45.0.6.1 pid \\d+: 451 come later'],
  ])('%j refuses mail and still lets go', async (value, expected, line) => {
    await clients.useRules(`45.0.6.1:allow,RBLSMTPD="${value}"`);
    const client = await clients.greeted('45.0.6.1');
    expect(await client.ask('MAIL FROM:<a@remote.example>')).toBe(expected);
    expect(await client.ask('RCPT TO:<ann@one.example>')).toBe(expected);
    expect(await client.ask('DATA')).toBe(expected);
    expect(await client.ask('NOOP')).toMatch(/^250 /);
    expect(await client.ask('RSET')).toMatch(/^250 /);
    expect(await client.ask('QUIT')).toMatch(/^221 /);
    expect(log.join('')).toMatch(new RegExp(line));
  });
});

describe('block lists', () => {
  const LISTED = { A: ['127.0.0.2'], TXT: ['Listed, see http://bl.example/?45.1.0.1'] };
  beforeAll(async () => {
    await restoreVersion(context(), { service: 'smtp', version: null });
  });
  beforeEach(() => {
    for (const name of Object.keys(server.zone)) delete server.zone[name];
    Object.assign(server.blockListSettings, {
      block: ['bl.example', 'bl2.example'],
      allow: ['wl.example'],
      isFinal: false,
    });
  });
  const mail = async (address: string) => (await clients.greeted(address)).ask('MAIL FROM:<a@remote.example>');

  test('refuse a client with the words of the list, for now or for good', async () => {
    server.zone['1.0.1.45.bl2.example'] = LISTED;
    expect(await mail('45.1.0.1')).toBe('451 4.7.1 Listed, see http://bl.example/?45.1.0.1');
    expect(log.join('')).toMatch(/rblsmtpd: 45\.1\.0\.1 pid \d+: 451 Listed, see/);
    server.blockListSettings.isFinal = true;
    expect(await mail('45.1.0.1')).toBe('553 5.7.1 Listed, see http://bl.example/?45.1.0.1');
    expect(await mail('45.1.0.2')).toMatch(/^250 /);
  });

  test('know IPv6 clients by their nibbles, and say something where the list does not', async () => {
    const nibbles = '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.8.8.a.2';
    server.zone[`${nibbles}.bl.example`] = { A: ['127.0.0.4'] };
    expect(await mail('2a88:1::1')).toBe('451 4.7.1 2a88:1::1 is listed by bl.example');
    expect(await mail('2a88:1::2')).toMatch(/^250 /);
  });

  test('are overruled by an allow list, and by RBLSMTPD=""', async () => {
    server.zone['3.0.1.45.bl.example'] = LISTED;
    expect(await mail('45.1.0.3')).toMatch(/^451 /);
    server.zone['4.0.1.45.bl.example'] = LISTED;
    server.zone['4.0.1.45.wl.example'] = { A: ['127.0.0.2'] };
    expect(await mail('45.1.0.4')).toMatch(/^250 /);
    await clients.useRules('45.1.0.5:allow,RBLSMTPD=""');
    server.zone['5.0.1.45.bl.example'] = LISTED;
    expect(await mail('45.1.0.5')).toMatch(/^250 /);
  });

  test.each([
    ['is no entry', { A: ['203.0.113.9'] }],
    ['says that the resolver is refused', { A: ['127.255.255.254'] }],
    ['fails', 'SERVFAIL'],
    ['does not come', 'silence'],
  ] as const)('whose answer %s block nobody', async (_, entry) => {
    server.zone['6.0.1.45.bl.example'] = entry as never;
    expect(await mail('45.1.0.6')).toMatch(/^250 /);
  });

  test('cannot put lines into a reply', async () => {
    server.zone['7.0.1.45.bl.example'] = { A: ['127.0.0.2'], TXT: ['a\r\n250 ok\u0000 \u00ff'] };
    const answer = await mail('45.1.0.7');
    expect(answer).toBe('451 4.7.1 a  250 ok');
  });
});

describe('POP-before-SMTP', () => {
  beforeAll(async () => {
    await restoreVersion(context(), { service: 'smtp', version: null });
    Object.assign(server.blockListSettings, { block: ['bl.example'], allow: [] });
  });

  test('lets the account send from its own addresses, counted and traced as its own, skipping block lists', async () => {
    server.zone['1.0.2.45.bl.example'] = { A: ['127.0.0.2'] };
    expect(await (await clients.greeted('45.2.0.1')).ask('MAIL FROM:<ann@one.example>')).toMatch(/^451 /);
    await clients.fetchMail('45.2.0.1', 'ann');
    const client = await clients.addressed('45.2.0.1', 'ann@one.example');
    expect(await client.ask('RCPT TO:<one@elsewhere.example>')).toMatch(/^250 /);
    await client.ask('DATA');
    expect(await client.ask('From: ann@one.example\r\n\r\n.')).toMatch(/^250 /);
    expect((await queued()).at(-1)).toBe(`one@elsewhere.example ${server.accounts.ann}`);
    const { rows } = await server.pool.query(
      `SELECT account_id FROM trace WHERE kind = 'submitted' AND peer = '45.2.0.1'`,
    );
    expect(rows).toEqual([{ account_id: server.accounts.ann }]);
    expect(await relay('45.2.0.1', 'team@one.example')).toMatch(/^250 /);
    for (const sender of ['ben@one.example', 'stranger@remote.example', '']) {
      expect(await relay('45.2.0.1', sender)).toMatch(/^553 5\.7\.1 /);
    }
    expect(await relay('45.2.0.2', 'ann@one.example')).toMatch(/^553 5\.7\.1 /);
  });

  test('counts to the send limits of who opened it', async () => {
    await clients.fetchMail('45.2.0.3', 'carl');
    server.sendLimits.messagesPerHour = 1;
    for (const expected of ['waiting', 'held']) {
      const client = await clients.addressed('45.2.0.3', 'carl@one.example');
      await client.ask('RCPT TO:<limit@elsewhere.example>');
      await client.ask('DATA');
      expect(await client.ask('From: carl@one.example\r\n\r\n.')).toMatch(/^250 /);
      const { rows } = await server.pool.query(
        `SELECT state FROM queue_entry WHERE recipient LIKE 'limit@%' ORDER BY id`,
      );
      expect(rows.at(-1)).toEqual({ state: expected });
    }
    server.sendLimits.messagesPerHour = 0;
  });

  test('is for several accounts behind one address, each with its own sender', async () => {
    await clients.fetchMail('45.2.0.4', 'ann');
    await clients.fetchMail('45.2.0.4', 'ben');
    expect(await relay('45.2.0.4', 'ann@one.example')).toMatch(/^250 /);
    expect(await relay('45.2.0.4', 'ben@one.example')).toMatch(/^250 /);
    expect(await relay('45.2.0.4', 'carl@one.example')).toMatch(/^553 /);
  });

  test('ends for a client that is still connected: by time, and by revocation', async () => {
    await clients.fetchMail('45.2.0.5', 'ann');
    await clients.fetchMail('45.2.0.6', 'ann');
    const stays = await clients.addressed('45.2.0.5', 'ann@one.example');
    expect(await stays.ask('RCPT TO:<a@elsewhere.example>')).toMatch(/^250 /);
    const revoked = await clients.addressed('45.2.0.6', 'ann@one.example');
    await server.pool.query(`DELETE FROM relay_opening WHERE address = '45.2.0.6'`);
    await expect.poll(() => server.accessPolicy.openUntil('45.2.0.6', server.accounts.ann ?? 0)).toBe(0);
    expect(await revoked.ask('RCPT TO:<a@elsewhere.example>')).toMatch(/^553 5\.7\.1 /);
    clock.advance(181 * 60_000);
    expect(await relay('45.2.0.5', 'ann@one.example')).toMatch(/^553 5\.7\.1 /);
  });

  test('is not opened from this machine, nor by a failed sign-in', async () => {
    const before = (await server.pool.query('SELECT count(*) AS n FROM relay_opening')).rows[0].n;
    const client = await clients.connect('45.2.0.9', 'pop3');
    await client.line();
    client.send('STLS\r\n');
    await client.line();
    await client.startTls();
    client.send('USER ann@one.example\r\nPASS wrong\r\n');
    await client.line();
    expect(await client.line()).toMatch(/^-ERR/);
    expect((await server.pool.query('SELECT count(*) AS n FROM relay_opening')).rows[0].n).toBe(before);
  });
});
