import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import type { LineClient } from '#engine/net/testing/line-client.ts';
import { deliver } from '#engine/store/testing/open-test-store.ts';
import { type MailServer, openMailServer } from './testing/open-mail-server.ts';

let server: MailServer;
/** How far SMTP's clock is ahead. */
let aheadMs = 0;
const clients: LineClient[] = [];

beforeAll(async () => {
  server = await openMailServer(inject('clusterUrl'), { now: () => new Date(Date.now() + aheadMs) });
});
afterAll(async () => {
  for (const client of clients) client.cut();
  await server.close();
});

async function connect(): Promise<LineClient> {
  const client = await server.connect('mx');
  clients.push(client);
  expect(await client.reply()).toBe('220 mx.test ESMTP');
  return client;
}

async function greeted(): Promise<LineClient> {
  const client = await connect();
  await client.ask('EHLO client.example');
  return client;
}

/** In the state after RCPT. */
async function addressed(recipient = 'ann@one.example', parameters = ''): Promise<LineClient> {
  const client = await greeted();
  expect(await client.ask(`MAIL FROM:<sender@remote.example>${parameters}`)).toBe('250 2.1.0 Sender ok');
  expect(await client.ask(`RCPT TO:<${recipient}>`)).toBe('250 2.1.5 Recipient ok');
  return client;
}

const last = (messages: string[]) => messages.at(-1) ?? '';

describe('a message', () => {
  test('goes into the folder before 250 is said, with its trace', async () => {
    const client = await addressed();
    expect(await client.ask('DATA')).toBe('354 End data with <CRLF>.<CRLF>');
    const answer = await client.ask('Subject: hi\r\n\r\n..dot\r\nbody\r\n.');
    expect(answer).toMatch(/^250 2\.0\.0 Ok: queued as [0-9a-f]{10}-1$/);
    const message = last(await server.readInbox('ann'));
    expect(message).toMatch(/\r\nSubject: hi\r\n\r\n\.dot\r\nbody\r\n$/);
    expect(message).toContain('Return-Path: <sender@remote.example>\r\n');
    expect(message).toContain('Delivered-To: ann@one.example\r\n');
    const ref = answer.split(' ').at(-1);
    expect(message).toMatch(
      new RegExp(
        `Received: from client\\.example \\(\\[127\\.0\\.0\\.1\\]\\)\\r\\n\\tby mx\\.test with ESMTP id ${ref}\\r\\n\\tfor <ann@one\\.example>;\\r\\n\\t`,
      ),
    );
    expect(await client.ask('QUIT')).toBe('221 2.0.0 Bye');
    expect(await client.rest()).toBe('');
  });

  test('to an alias reaches each of its accounts once, however often they are named', async () => {
    const before = [(await server.readInbox('ann')).length, (await server.readInbox('ben')).length];
    const client = await addressed('team@one.example');
    for (const name of ['TEAM', 'ann', 'Ben']) await client.ask(`RCPT TO:<${name}@ONE.example>`);
    await client.ask('DATA');
    expect(await client.ask('Subject: team\r\n\r\n.')).toMatch(/^250 /);
    const after = [(await server.readInbox('ann')).length, (await server.readInbox('ben')).length];
    expect(after).toEqual(before.map((count) => count + 1));
    expect(last(await server.readInbox('ben'))).not.toContain('for <');
  });

  test('from the null sender and to postmaster is taken', async () => {
    const client = await greeted();
    expect(await client.ask('MAIL FROM:<>')).toMatch(/^250 /);
    expect(await client.ask('RCPT TO:<postmaster@one.example>')).toMatch(/^250 /);
    await client.ask('DATA');
    expect(await client.ask('Subject: bounce\r\n\r\n.')).toMatch(/^250 /);
    expect(last(await server.readInbox('ann'))).toContain('Return-Path: <>\r\n');
  });

  test.each([
    [
      'bounces+8477219-4b5e-maria.fernandez-gonzalez=engineering.some-long-company.example@em42.news.example',
      undefined,
    ],
    ['taro.@phone.example', '"taro."@phone.example'],
  ])('from %s is taken', async (sender, written = sender) => {
    const client = await greeted();
    expect(await client.ask(`MAIL FROM:<${sender}>`)).toMatch(/^250 /);
    expect(await client.ask('RCPT TO:<ann@one.example>')).toMatch(/^250 /);
    await client.ask('DATA');
    expect(await client.ask('x: y\r\n\r\n.')).toMatch(/^250 /);
    expect(last(await server.readInbox('ann'))).toContain(`Return-Path: <${written}>\r\n`);
  });

  test('by HELO is told as SMTP; over STARTTLS with its cipher', async () => {
    const client = await connect();
    expect(await client.ask('HELO old.example')).toBe('250 mx.test');
    await client.ask('MAIL FROM:<a@remote.example>');
    await client.ask('RCPT TO:<carl@one.example>');
    await client.ask('DATA');
    await client.ask('x: y\r\n\r\n.');
    expect(last(await server.readInbox('carl'))).toContain('with SMTP id');
    expect(await client.ask('STARTTLS')).toBe('220 2.0.0 Go ahead');
    await client.startTls();
    expect(await client.ask('MAIL FROM:<a@remote.example>')).toBe('503 5.5.1 EHLO first');
    const hello = await client.ask('EHLO tls.example');
    expect(hello).not.toContain('STARTTLS');
    expect(hello).not.toContain('AUTH');
    await client.ask('MAIL FROM:<a@remote.example>');
    await client.ask('RCPT TO:<carl@one.example>');
    await client.ask('DATA');
    await client.ask('x: y\r\n\r\n.');
    expect(last(await server.readInbox('carl'))).toMatch(/with ESMTPS id \S+\r\n\t\(using TLSv1\.3 with cipher TLS_/);
  });

  test('outside ASCII travels with SMTPUTF8 only', async () => {
    const client = await greeted();
    const mail = (tail: string) => client.send(Buffer.from(`MAIL FROM:<дёма@пример.рф>${tail}\r\n`));
    mail('');
    expect(await client.reply()).toMatch(/^553 5\.6\.7 /);
    mail(' SMTPUTF8 BODY=8BITMIME');
    expect(await client.reply()).toMatch(/^250 /);
    client.send(Buffer.from('RCPT TO:<дёма@one.example>\r\n'));
    expect(await client.reply()).toMatch(/^550 5\.1\.1 /);
    await client.ask('RCPT TO:<carl@one.example>');
    await client.ask('DATA');
    expect(await client.ask('x: y\r\n\r\n.')).toMatch(/^250 /);
    expect(last(await server.readInbox('carl'))).toContain('with UTF8SMTP id');
  });

  test('of 900 KB in lines of periods arrives intact', async () => {
    const client = await addressed('carl@one.example');
    await client.ask('DATA');
    const lines = '..\r\n'.repeat(200_000);
    expect(await client.ask(`\r\n${lines}.`)).toMatch(/^250 /);
    expect(last(await server.readInbox('carl'))).toMatch(/\r\n\r\n(?:\.\r\n){200000}$/);
  });
});

describe('EHLO', () => {
  test('offers what is done', async () => {
    const client = await connect();
    expect((await client.ask('EHLO [127.0.0.1]')).split('\n')).toEqual([
      '250-mx.test at your service',
      '250-PIPELINING',
      '250-SIZE 1000000',
      '250-8BITMIME',
      '250-BINARYMIME',
      '250-SMTPUTF8',
      '250-DSN',
      '250-CHUNKING',
      '250-ENHANCEDSTATUSCODES',
      '250-LIMITS RCPTMAX=100 MAILMAX=10000',
      '250 STARTTLS',
    ]);
  });

  test.each(['EHLO', 'EHLO a b', 'EHLO a)(b', 'HELO', 'HELO <x>'])('%s is refused', async (command) => {
    expect(await (await connect()).ask(command)).toBe('501 5.5.4 Syntax: EHLO hostname');
  });
});

describe('recipients', () => {
  test.each([
    ['someone@elsewhere.example', "553 5.7.1 sorry, that domain isn't in my list of allowed rcpthosts (chkuser)"],
    ['nobody@one.example', '550 5.1.1 sorry, no mailbox here by that name (chkuser)'],
    ['away@one.example', '550 5.2.1 sorry, this mailbox is disabled (chkuser)'],
    ['a"b@one.example', '501 5.5.4 Syntax: TO:<address>'],
    ['a b@one.example', '553 5.1.3 sorry, rcpt syntax not allowed (chkuser)'],
    ['ann', '550 5.1.2 sorry, you must specify a domain (chkuser)'],
    ['postmaster', '550 5.1.1 sorry, no mailbox here by that name (chkuser)'],
  ])('%s', async (recipient, answer) => {
    const client = await greeted();
    await client.ask('MAIL FROM:<a@remote.example>');
    expect(await client.ask(`RCPT TO:<${recipient}>`)).toBe(answer);
    expect(await client.ask('DATA')).toBe('503 5.5.1 RCPT first');
  });

  test('a full mailbox is refused for now', async () => {
    const accountId = server.accounts.full ?? 0;
    const domainId = Number((await server.db.account.findUniqueOrThrow({ where: { id: BigInt(accountId) } })).domainId);
    await deliver(server.intake, [{ kind: 'local', accountId, domainId, address: 'full@one.example' }], 'a: b\r\n\r\n');
    await server.db.account.update({ where: { id: BigInt(accountId) }, data: { quotaBytes: 1n } });
    const client = await greeted();
    await client.ask('MAIL FROM:<a@remote.example>');
    // The directory hears of the new quota by NOTIFY.
    await expect
      .poll(() => client.ask('RCPT TO:<full@one.example>'))
      .toBe('452 4.2.2 sorry, recipient mailbox is full (chkuser)');
  });

  test.each([
    ['for now', false, '452 4.2.2 Mailbox full'],
    ['for good where the setting says so', true, '552 5.2.2 Mailbox full'],
  ])('a quota crossed by the message itself refuses it after DATA, %s', async (_, fullIsFinal, answer) => {
    server.checkSettings.fullIsFinal = fullIsFinal;
    const id = BigInt(server.accounts.ben ?? 0);
    const used = await server.store.readUsage(Number(id));
    await server.db.account.update({ where: { id }, data: { quotaBytes: BigInt(used.sizeBytes + 5_000) } });
    const client = await addressed('ben@one.example');
    await client.ask('DATA');
    expect(await client.ask(`x: y\r\n\r\n${'line\r\n'.repeat(2000)}.`)).toBe(answer);
    await server.db.account.update({ where: { id }, data: { quotaBytes: 0n } });
    server.checkSettings.fullIsFinal = false;
  });

  test('more than the limit are refused for now, those before it stand', async () => {
    server.settings.maxRecipients = 2;
    const client = await addressed();
    expect(await client.ask('RCPT TO:<ben@one.example>')).toMatch(/^250 /);
    expect(await client.ask('RCPT TO:<carl@one.example>')).toBe('452 4.5.3 Too many recipients');
    server.settings.maxRecipients = 100;
    await client.ask('DATA');
    expect(await client.ask('x: y\r\n\r\n.')).toMatch(/^250 /);
  });

  test('a notification of success is owed: the recipient goes through the queue', async () => {
    const client = await greeted();
    await client.ask('MAIL FROM:<a@remote.example> ENVID=QQ+2B1');
    expect(await client.ask('RCPT TO:<carl@one.example> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;c@x')).toMatch(/^250 /);
    await client.ask('DATA');
    expect(await client.ask('x: y\r\n\r\n.')).toMatch(/^250 /);
    const [message] = await server.db.queueMessage.findMany({ include: { entries: true } });
    const entry = {
      recipient: 'carl@one.example',
      destination: 'one.example',
      notify: 'SUCCESS,FAILURE',
      orcpt: 'rfc822;c@x',
    };
    expect(message).toMatchObject({ envId: 'QQ+2B1', entries: [entry] });
  });

  test('DSN parameters are read and wrong ones refused', async () => {
    const client = await greeted();
    expect(await client.ask('MAIL FROM:<a@remote.example> RET=HDRS ENVID=QQ314')).toMatch(/^250 /);
    expect(await client.ask('RCPT TO:<ann@one.example> NOTIFY=NEVER ORCPT=rfc822;x@y.example')).toMatch(/^250 /);
    expect(await client.ask('RCPT TO:<ann@one.example> NOTIFY=SOMETIMES')).toMatch(/^501 5\.5\.4 /);
    expect(await client.ask('RCPT TO:<ann@one.example> FOO')).toMatch(/^555 5\.5\.4 /);
  });
});

describe('size', () => {
  test('announced too big is refused at MAIL', async () => {
    const client = await greeted();
    expect(await client.ask('MAIL FROM:<a@remote.example> SIZE=1000001')).toMatch(/^552 5\.3\.4 /);
    expect(await client.ask('MAIL FROM:<a@remote.example> SIZE=1000000')).toMatch(/^250 /);
  });

  test('too big in DATA is read to its end, refused, and the session goes on', async () => {
    const before = (await server.readInbox('ann')).length;
    const client = await addressed();
    await client.ask('DATA');
    expect(await client.ask(`x: y\r\n\r\n${'0123456789\r\n'.repeat(100_000)}.`)).toBe('552 5.3.4 Message too big');
    expect(await client.ask('NOOP')).toBe('250 2.0.0 Ok');
    expect((await server.readInbox('ann')).length).toBe(before);
  });
});

describe('sequence and syntax', () => {
  test.each([
    ['MAIL FROM:<a@b.example>', '503 5.5.1 EHLO first'],
    ['RCPT TO:<a@b.example>', '503 5.5.1 EHLO first'],
    ['DATA', '503 5.5.1 EHLO first'],
    ['AUTH PLAIN', '503 5.5.1 EHLO first'],
    ['VRFY ann', '252 2.5.2 Cannot verify, but send it and see'],
    ['VRFY', '501 5.5.4 Syntax: VRFY address'],
    ['EXPN list', '502 5.7.0 EXPN is not available'],
    ['NOOP whatever', '250 2.0.0 Ok'],
    ['RSET', '250 2.0.0 Ok'],
    ['RSET x', '501 5.5.4 This command takes no parameters'],
    ['QUIT now', '501 5.5.4 This command takes no parameters'],
    ['TURN', '500 5.5.1 Command not recognized'],
    ['', '500 5.5.2 Command not recognized'],
    ['GET / HTTP/1.1', '500 5.5.1 Command not recognized'],
  ])('before EHLO: %j', async (command, answer) => expect(await (await connect()).ask(command)).toBe(answer));

  test('within a transaction', async () => {
    const client = await greeted();
    expect(await client.ask('RCPT TO:<ann@one.example>')).toBe('503 5.5.1 MAIL first');
    expect(await client.ask('MAIL FROM:a@b.example')).toBe('501 5.5.4 Syntax: FROM:<address>');
    expect(await client.ask('MAIL FROM:<a@b.example>')).toMatch(/^250 /);
    expect(await client.ask('MAIL FROM:<a@b.example>')).toBe('503 5.5.1 RCPT first');
    expect(await client.ask('RSET')).toMatch(/^250 /);
    expect(await client.ask('RCPT TO:<ann@one.example>')).toBe('503 5.5.1 MAIL first');
    expect(await client.ask('MAIL FROM:<a@b.example>')).toMatch(/^250 /);
    await client.ask('EHLO again.example');
    expect(await client.ask('RCPT TO:<ann@one.example>')).toBe('503 5.5.1 MAIL first');
    expect(await client.ask('AUTH PLAIN AGEAYg==')).toBe('502 5.5.1 Sign in on the submission port');
  });

  test('HELP names the commands', async () => {
    expect(await (await connect()).ask('HELP')).toMatch(/^214-2\.0\.0 EHLO .*\n214 2\.0\.0 See RFC 5321$/);
  });

  test('too many errors end the session', async () => {
    const client = await connect();
    client.send('FOO\r\n'.repeat(30));
    const answers = (await client.rest()).split('\r\n');
    expect(answers).toHaveLength(22);
    expect(answers.at(-2)).toBe('421 4.7.0 Too many errors, closing the connection');
  });

  test('an over-long line is skipped whole, its tail is no command', async () => {
    const client = await connect();
    client.send(`NOOP ${'x'.repeat(20_000)} \r\nNOOP\r\n`);
    expect(await client.reply()).toBe('500 5.5.2 Line too long');
    expect(await client.reply()).toBe('250 2.0.0 Ok');
  });

  test('a line without end is given up', async () => {
    const client = await connect();
    client.send('x'.repeat(2 * 1024 * 1024));
    expect(await client.reply()).toBe('421 4.7.0 Line too long, closing the connection');
  });

  test('a bare LF ends no command, and nothing behind it is run', async () => {
    const client = await greeted();
    client.send('NOOP\nNOOP\r\n');
    expect(await client.rest()).toBe('500 5.5.2 Lines must end with CRLF, closing the connection\r\n');
  });
});

describe('smuggling', () => {
  const inner = 'MAIL FROM:<smuggled@evil.example>\r\nRCPT TO:<ben@one.example>\r\nDATA\r\nx: smuggled\r\n\r\nbody';

  test.each([
    '\n.\n',
    '\n.\r\n',
    '\r\n.\n',
    '\r.\r\n',
    '\r\n.\r',
    '\r.\r',
    '\n.\r',
    '\r.\n',
    '\r\n.\r\r\n',
    '\r\r\n.\r\r\n',
  ])('%j neither ends the message nor gets in', async (sequence) => {
    const before = [await server.readInbox('ann'), await server.readInbox('ben')];
    const client = await addressed();
    await client.ask('DATA');
    client.send(`x: outer\r\n\r\nouter${sequence}${inner}\r\n.\r\nNOOP\r\n`);
    expect(await client.rest()).toMatch(/^550 5\.6\.0 Bare (CR|LF) in message[^\n]*\n$/);
    expect([await server.readInbox('ann'), await server.readInbox('ben')]).toEqual(before);
  });

  test('STARTTLS injection: a command in clear behind it is never run', async () => {
    const client = await greeted();
    client.send('STARTTLS\r\nMAIL FROM:<injected@evil.example>\r\n');
    expect(await client.reply()).toBe('554 5.5.1 Input behind STARTTLS, closing the connection');
    expect(await client.rest()).toBe('');
  });

  test('a line above the bound is refused when the message ends', async () => {
    const client = await addressed();
    await client.ask('DATA');
    expect(await client.ask(`x: y\r\n\r\n${'z'.repeat(70_000)}\r\n.`)).toBe('550 5.6.0 Line too long');
    await client.ask('MAIL FROM:<a@remote.example>');
    await client.ask('RCPT TO:<ann@one.example>');
    await client.ask('DATA');
    expect(await client.ask(`x: y\r\n\r\n${'z'.repeat(60_000)}\r\n.`)).toMatch(/^250 /);
  });
});

describe('pipelining', () => {
  test('everything in one packet gets its replies in order', async () => {
    const client = await connect();
    const one =
      'MAIL FROM:<a@remote.example>\r\nRCPT TO:<carl@one.example>\r\nRCPT TO:<nobody@one.example>\r\nDATA\r\nx: y\r\n\r\nz\r\n.\r\n';
    client.send(`EHLO c.example\r\n${one}${one}RSET\r\nQUIT\r\n`);
    const codes = (await client.rest())
      .split('\r\n')
      .filter((line) => line[3] === ' ')
      .map((line) => line.slice(0, 3));
    expect(codes.join(' ')).toBe('250 250 250 550 354 250 250 250 550 354 250 250 221');
  });

  test('a client that closes its side after QUIT is still answered', async () => {
    const client = await connect();
    client.send('EHLO c.example\r\nQUIT\r\n');
    client.finish();
    expect(await client.rest()).toMatch(/250 STARTTLS\r\n221 2\.0\.0 Bye\r\n$/);
  });
});

describe('a session that comes to no message', () => {
  afterEach(() => {
    aheadMs = 0;
  });

  test.each([
    ['NOOPs without end', 'NOOP', greeted],
    ['transactions begun and dropped', 'RSET\r\nMAIL FROM:<sender@remote.example>', greeted],
    ['NOOPs in a transaction', 'NOOP', addressed],
  ])('cannot hold its place for more than ten minutes by %s', async (_, commands, open) => {
    const client = await open();
    aheadMs = 9 * 60_000;
    for (let round = 0; round < 5; round += 1) expect(await client.ask('NOOP')).toMatch(/^250 /);
    aheadMs = 10 * 60_000;
    client.send(`${commands}\r\n`.repeat(20));
    expect(await client.rest()).toMatch(/^250 [^\n]*\n421 4\.4\.2 Timeout, closing the connection\r\n$/);
  });

  test('has ten minutes more after each message', async () => {
    const client = await addressed();
    aheadMs = 9 * 60_000;
    await client.ask('DATA');
    expect(await client.ask('Subject: late\r\n\r\nx\r\n.')).toMatch(/^250 /);
    aheadMs = 18 * 60_000;
    expect(await client.ask('NOOP')).toMatch(/^250 /);
    expect(await client.ask('NOOP')).toMatch(/^250 /);
    aheadMs = 20 * 60_000;
    client.send('NOOP\r\nNOOP\r\n');
    expect(await client.rest()).toMatch(/^250 [^\n]*\n421 4\.4\.2 /);
  });

  test('nor by octets that belong to no message', async () => {
    const client = await greeted();
    client.send('BDAT 1000\r\nx');
    aheadMs = 10 * 60_000;
    client.send('x');
    expect(await client.rest()).toBe('421 4.4.2 Timeout, closing the connection\r\n');
  });
});

describe('BDAT', () => {
  test('chunks make one message, octet for octet, CRLF cut in two', async () => {
    const client = await addressed('carl@one.example');
    client.send('BDAT 10\r\nx: y\r\n\r\n.\r');
    expect(await client.reply()).toBe('250 2.0.0 10 octets received');
    expect(await client.ask('DATA')).toMatch(/^503 5\.5\.1 A message is under way/);
    expect(await client.ask('MAIL FROM:<b@remote.example>')).toMatch(/^503 /);
    expect(await client.ask('NOOP')).toMatch(/^250 /);
    client.send('BDAT 0\r\nBDAT 8 LAST\r\n\n..\r\nend');
    expect(await client.reply()).toBe('250 2.0.0 0 octets received');
    expect(await client.reply()).toMatch(/^250 2\.0\.0 Ok: queued as/);
    expect(last(await server.readInbox('carl'))).toMatch(/\r\nx: y\r\n\r\n\.\r\n\.\.\r\nend\r\n$/);
  });

  test.each(['a\rb', 'a\nb', 'a\r'])('%j is refused as in DATA', async (content) => {
    const client = await addressed();
    client.send(`BDAT ${content.length} LAST\r\n${content}`);
    expect(await client.reply()).toMatch(/^550 5\.6\.0 Bare (CR|LF)/);
    expect(await client.ask('NOOP')).toBe('250 2.0.0 Ok');
  });

  test('octets are taken even where the command is refused, so none becomes a command', async () => {
    const client = await greeted();
    client.send('BDAT 6 LAST\r\nQUIT\r\nNOOP\r\n');
    expect(await client.reply()).toBe('503 5.5.1 MAIL and RCPT first');
    expect(await client.reply()).toBe('250 2.0.0 Ok');
  });

  test.each(['BDAT', 'BDAT x', 'BDAT -1 LAST', 'BDAT 1 FIRST', 'BDAT 99999999999999999999'])(
    '%s ends the session',
    async (command) => {
      const client = await addressed();
      expect(await client.ask(command)).toMatch(/^501 5\.5\.4 /);
      expect(await client.rest()).toBe('');
    },
  );

  test('too big is refused at the chunk that crosses the limit and at those after it', async () => {
    const client = await addressed();
    const chunk = 'x'.repeat(58).concat('\r\n').repeat(10_000);
    client.send(`BDAT 600000\r\n${chunk}`);
    expect(await client.reply()).toMatch(/^250 /);
    client.send(`BDAT 600000\r\n${chunk}`);
    expect(await client.reply()).toBe('552 5.3.4 Message too big');
    client.send('BDAT 2 LAST\r\n\r\n');
    expect(await client.reply()).toBe('552 5.3.4 Message too big');
    expect(await client.ask('MAIL FROM:<a@remote.example>')).toMatch(/^250 /);
  });

  test('an absurd size with nothing to put it in ends the session', async () => {
    const client = await greeted();
    expect(await client.ask('BDAT 999999999999')).toBe('503 5.5.1 Bad sequence of commands, closing the connection');
  });

  test('a message that drips in chunk by chunk has one deadline for all of them', async () => {
    const client = await addressed();
    client.send('BDAT 4\r\nx: y');
    expect(await client.reply()).toMatch(/^250 /);
    aheadMs = 61 * 60_000;
    client.send('BDAT 4\r\nmore');
    expect(await client.reply()).toBe('421 4.4.2 Timeout, closing the connection');
    aheadMs = 0;
  });

  test('NOOPs between its chunks do not lengthen its deadline', async () => {
    const client = await addressed();
    client.send('BDAT 4\r\nx: y');
    expect(await client.reply()).toMatch(/^250 /);
    aheadMs = 30 * 60_000;
    expect(await client.ask('NOOP')).toMatch(/^250 /);
    expect(await client.ask('NOOP')).toMatch(/^250 /);
    aheadMs = 61 * 60_000;
    client.send('NOOP\r\nNOOP\r\n');
    expect(await client.reply()).toMatch(/^250 /);
    expect(await client.rest()).toBe('421 4.4.2 Timeout, closing the connection\r\n');
    aheadMs = 0;
  });

  test('RSET drops the chunks', async () => {
    const before = (await server.readInbox('carl')).length;
    const client = await addressed('carl@one.example');
    client.send('BDAT 4\r\nx: y');
    await client.reply();
    expect(await client.ask('RSET')).toBe('250 2.0.0 Ok');
    client.send('BDAT 2 LAST\r\n\r\n');
    expect(await client.reply()).toMatch(/^503 /);
    expect((await server.readInbox('carl')).length).toBe(before);
  });
});

describe('cut connections', () => {
  test.each(['DATA\r\nx: y\r\n\r\nhalf', 'DATA\r\nx: y\r\n\r\nhalf\r\n.', 'BDAT 100 LAST\r\nx: y', 'BDAT 4\r\nx: y'])(
    'after %j leave nothing behind and the server well',
    async (sent) => {
      const before = (await server.readInbox('ann')).length;
      const client = await addressed();
      client.send(sent);
      client.finish();
      await client.rest();
      expect((await server.readInbox('ann')).length).toBe(before);
      expect(await (await greeted()).ask('NOOP')).toBe('250 2.0.0 Ok');
    },
  );
});
