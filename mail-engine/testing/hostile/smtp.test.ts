import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { LineClient } from '#engine/net/testing/line-client.ts';
import {
  type AttackedEngine,
  mebibytes,
  openData,
  openSmtp,
  PASSWORD,
  requireServing,
  SECRET,
  startAttackedEngine,
} from './attacked-engine.ts';

let engine: AttackedEngine;
beforeAll(async () => {
  engine = await startAttackedEngine(inject('clusterUrl'));
});
afterEach(async () => (await openSmtp(engine)).cut());
afterAll(async () => {
  await requireServing(engine);
  await engine.end();
});

/** The reply to one command of a fresh session. */
async function answerTo(command: string | Buffer): Promise<string> {
  const client = await openSmtp(engine);
  client.send(command);
  const answer = await client.reply();
  client.cut();
  return answer;
}

/** The reply to a message that ends after `content`. */
async function answerToMessage(content: string | Buffer): Promise<string> {
  const client = await openData(engine);
  client.send(content);
  client.send('\r\n.\r\n');
  const answer = await client.reply();
  client.cut();
  return answer;
}

const MEGABYTE = mebibytes(1);

describe('lines', () => {
  test.each([
    ['a bare LF', 'NOOP\n', '500 5.5.2'],
    ['a bare CR', 'NO\rOP\r\n', '500 5.5.2'],
    ['NUL', 'NOOP\0\r\n', '500 5.5.2'],
    ['what is not UTF-8', Buffer.from('MAIL FROM:<\xff@x.example>\r\n', 'latin1'), '500 5.5.2'],
    ['an unknown verb', 'XPLOIT all\r\n', '500 5.5.1'],
    ['a binary verb', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x0d, 0x0a]), '500 5.5.2'],
    ['an HTTP request', 'GET / HTTP/1.1\r\n', '500 5.5.1'],
    ['a line too long', `NOOP ${'x'.repeat(20_000)}\r\n`, '500 5.5.2'],
    ['an address of a megabyte', `MAIL FROM:<${'a'.repeat(MEGABYTE)}@x.example>\r\n`, '500 5.5.2'],
    ['an address of three megabytes', `MAIL FROM:<${'a'.repeat(3 * MEGABYTE)}@x.example>\r\n`, '421 4.7.0'],
    ['an address of ten kilobytes', `MAIL FROM:<${'a'.repeat(10_000)}@x.example>\r\n`, '553 5.1.7'],
    ['a domain of ten kilobytes', `MAIL FROM:<a@${'a-'.repeat(5_000)}>\r\n`, '553 5.1.7'],
    ['a size beyond all numbers', `MAIL FROM:<a@x.example> SIZE=${'9'.repeat(20)}\r\n`, '552 5.3.4'],
    ['fields behind EHLO', 'EHLO a (b)\r\n', '501 5.5.4'],
    ['a field in an address', 'MAIL FROM:<"a\r\nBcc: b"@x.example>\r\n', '501 5.5.4'],
    ['BDAT beyond the end', `BDAT ${'9'.repeat(15)} LAST\r\n`, '503 5.5.1'],
    ['BDAT below nothing', 'BDAT -1\r\n', '501 5.5.4'],
    ['relaying', 'MAIL FROM:<a@x.example>\r\nRCPT TO:<b@elsewhere.example>\r\n', '250 2.1.0'],
  ])('%s: %#', async (_name, command, expected) => {
    expect(await answerTo(command)).toMatch(new RegExp(`^${expected}`));
  });

  test('relaying is refused, however the address is written', async () => {
    const client = await openSmtp(engine);
    await client.ask('MAIL FROM:<a@x.example>');
    const [, domain = ''] = engine.user.split('@');
    for (const address of [
      'b@elsewhere.example',
      `b%elsewhere.example@other.example`,
      `"b@elsewhere.example"@other.example`,
      `@${domain}:b@elsewhere.example`,
      'elsewhere.example!b@other.example',
      'b@[127.0.0.1]',
    ]) {
      expect(await client.ask(`RCPT TO:<${address}>`), address).toMatch(/^55[03] 5\.(7\.1|1\.[12])/);
    }
    client.cut();
  });
});

describe('smuggling', () => {
  const INNER = 'MAIL FROM:<boss@attacked.example>\r\nRCPT TO:<x>\r\n';

  test.each([
    '\n.\n',
    '\n.\r\n',
    '\r.\r\n',
    '\r\n.\n',
    '\r\n.\r',
    '\r.\r',
    '\r\n\0.\r\n',
    '\r\r\n.\r\r\n',
    '\n\r\n.\n',
  ])('end of data as %j ends nothing and spoils the message', async (end) => {
    expect(await answerToMessage(`Subject: x\r\n\r\nx${end}${INNER}`)).toMatch(/^550 5\.6\.0/);
  });

  test('commands sent in clear behind STARTTLS are never run', async () => {
    const client = await openSmtp(engine);
    client.send('STARTTLS\r\nMAIL FROM:<injected@x.example>\r\n');
    expect(await client.rest()).toMatch(/^554 5\.5\.1/);
  });
});

describe('messages', () => {
  test.each([
    ['10,000 levels of multipart', nested(10_000)],
    ['10,000 messages within messages', 'Content-Type: message/rfc822\r\n\r\n'.repeat(10_000)],
    ['100,000 parts', `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(100_000)}--b--`],
    ['100,000 header fields', `${'X-Many: x\r\n'.repeat(100_000)}\r\nbody`],
    ['100,000 recipients in the header', `To: ${'a@b.example,\r\n '.repeat(100_000)}c@d.example\r\n\r\nbody`],
    ['100,000 parameters', `Content-Type: text/plain${';\r\n a*0*=%41'.repeat(100_000)}\r\n\r\nbody`],
  ])('%s are stored and read back', async (_name, content) => {
    expect(await answerToMessage(content)).toMatch(/^250 2\.0\.0/);
  });

  test('Received without end is a loop', async () => {
    expect(await answerToMessage(`${'Received: by x\r\n'.repeat(1_000)}\r\nbody`)).toMatch(/^554 5\.4\.6/);
  });

  test('a header line of 50 MB is refused and costs no memory', async () => {
    const client = await openData(engine);
    const before = await engine.readResidentMib();
    client.send('Subject: ');
    const piece = Buffer.alloc(MEGABYTE, 'x');
    for (let sent = 0; sent < 50; sent += 1) client.send(piece);
    client.send('\r\n\r\nbody\r\n.\r\n');
    expect(await client.reply()).toMatch(/^550 5\.6\.0 Line too long/);
    expect((await engine.readResidentMib()) - before).toBeLessThan(150);
    expect(await client.ask('NOOP')).toMatch(/^250 /);
    client.cut();
  });

  test('more than SIZE allows is refused at its end', async () => {
    const client = await openData(engine);
    const piece = Buffer.from(`${'x'.repeat(1022)}\r\n`.repeat(1024));
    for (let sent = 0; sent < 51; sent += 1) client.send(piece);
    client.send('.\r\n');
    expect(await client.reply()).toMatch(/^552 5\.3\.4/);
    client.cut();
  });
});

/** Multiparts one inside the other, each with a boundary of its own. */
function nested(levels: number): string {
  const level = (depth: number) => `Content-Type: multipart/mixed; boundary=b${depth}\r\n\r\n--b${depth}\r\n`;
  return Array.from({ length: levels }, (_, depth) => level(depth)).join('');
}

describe('floods', () => {
  test('thousands of recipients: those beyond the limit are refused, the message arrives once', async () => {
    const client = await openSmtp(engine);
    client.send('MAIL FROM:<a@x.example>\r\n');
    client.send(`RCPT TO:<${engine.user}>\r\n`.repeat(5_000));
    client.send('DATA\r\n');
    expect(await client.reply()).toMatch(/^250 /);
    const counts: Record<string, number> = {};
    for (let index = 0; index < 5_000; index += 1) {
      const code = (await client.reply()).slice(0, 9);
      counts[code] = (counts[code] ?? 0) + 1;
    }
    expect(counts).toEqual({ '250 2.1.5': 100, '452 4.5.3': 4_900 });
    expect(await client.reply()).toMatch(/^354 /);
    client.send(`Subject: x\r\n\r\n${SECRET}\r\n.\r\n`);
    expect(await client.reply()).toMatch(/^250 /);
    client.cut();
  });

  test('guessing at addresses ends the session', async () => {
    const client = await openSmtp(engine);
    await client.ask('MAIL FROM:<a@x.example>');
    client.send(Array.from({ length: 100 }, (_, index) => `RCPT TO:<guess${index}@attacked.example>\r\n`).join(''));
    const said = await client.rest();
    expect(said.match(/^550 5\.1\.1/gm)?.length).toBeLessThanOrEqual(20);
    expect(said).toMatch(/421 4\.7\.0 [^\r]*\r\n$/);
  });

  test('refused commands end the session', async () => {
    const client = await openSmtp(engine);
    client.send('XPLOIT\r\n'.repeat(1_000));
    const said = await client.rest();
    expect(said.match(/^500 /gm)).toHaveLength(20);
    expect(said).toMatch(/421 4\.7\.0 [^\r]*\r\n$/);
  });

  test('AUTH without end: refused on the MX port, cut off on the submission port', async () => {
    expect(await answerTo('AUTH PLAIN AHgAeA==\r\n')).toMatch(/^502 5\.5\.1/);
    const client = await LineClient.connect(engine.ports.submissions, { tls: true });
    await client.reply();
    await client.ask('EHLO attacker.example');
    const guess = Buffer.from(`\0${engine.other}\0not-${PASSWORD}`).toString('base64');
    client.send(`AUTH PLAIN ${guess}\r\n`.repeat(50));
    const said = await client.rest();
    expect(said.match(/^535 5\.7\.8/gm)?.length).toBeLessThanOrEqual(3);
    expect(said).toMatch(/421 4\.7\.0 [^\r]*\r\n$/);
  });

  test('a password in clear is refused before it is looked at', async () => {
    const client = await LineClient.connect(engine.ports.submission);
    await client.reply();
    await client.ask('EHLO attacker.example');
    const right = Buffer.from(`\0${engine.user}\0${PASSWORD}`).toString('base64');
    expect(await client.ask(`AUTH PLAIN ${right}`)).toMatch(/^538 5\.7\.11/);
    client.cut();
  });
});
