/** One mailbox owner after another's mail, with everything that could name it. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { LineClient } from '#engine/net/testing/line-client.ts';
import {
  type AttackedEngine,
  openData,
  openImap,
  PASSWORD,
  requireServing,
  SECRET,
  startAttackedEngine,
  tagged,
  taggedLines,
} from './attacked-engine.ts';

let engine: AttackedEngine;
let attacker: LineClient;
/** What the victim's own session is told of its mail. */
let ids: { mailbox: string; email: string; thread: string };

beforeAll(async () => {
  engine = await startAttackedEngine(inject('clusterUrl'));
  for (let count = 0; count < 3; count += 1) {
    const smtp = await openData(engine);
    smtp.send(`Subject: ${SECRET}\r\nMessage-ID: <${count}@x.example>\r\n\r\n${SECRET}\r\n.\r\n`);
    expect(await smtp.reply()).toMatch(/^250 /);
    smtp.cut();
  }
  const victim = await openImap(engine);
  await tagged(victim, 'a CREATE Private');
  await tagged(victim, 's SELECT INBOX');
  const said = (await taggedLines(victim, 'f FETCH 1 (EMAILID THREADID)')).join('\n');
  const status = (await taggedLines(victim, 'g STATUS INBOX (MAILBOXID)')).join('\n');
  const find = (pattern: RegExp, text: string) => pattern.exec(text)?.[1] ?? '';
  ids = {
    mailbox: find(/MAILBOXID \((F\d+)\)/, status),
    email: find(/EMAILID \((M\d+)\)/, said),
    thread: find(/THREADID \((T[^)]+)\)/, said),
  };
  victim.cut();
  attacker = await openImap(engine, engine.other);
});
afterAll(async () => {
  attacker.cut();
  await requireServing(engine);
  await engine.end();
});

test('the victim has what there is to look for', () => {
  expect(ids).toEqual({
    mailbox: expect.stringMatching(/^F\d+$/),
    email: expect.stringMatching(/^M\d+$/),
    thread: expect.stringMatching(/^T/),
  });
});

test.each([
  () => `${engine.user}/INBOX`,
  () => `~${engine.user}/INBOX`,
  () => `#user/${engine.user}`,
  () => '../INBOX',
  () => 'Private',
  () => ids.mailbox,
])('no name leads into another account: %#', async (name) => {
  expect(await tagged(attacker, `a SELECT "${name()}"`)).toMatch(/^a NO /);
  expect(await tagged(attacker, `b STATUS "${name()}" (MESSAGES)`)).toMatch(/^b NO /);
  expect(await tagged(attacker, `c DELETE "${name()}"`)).toMatch(/^c NO /);
});

test('lists show only what is the attacker’s own', async () => {
  const listed = await taggedLines(attacker, 'a LIST "" "*" RETURN (STATUS (MESSAGES MAILBOXID))');
  expect(listed.join('\n')).not.toMatch(new RegExp(`Private|${ids.mailbox}\\)|MESSAGES [1-9]`));
});

test("the victim's UIDs and ids find nothing", async () => {
  expect(await tagged(attacker, 's SELECT INBOX')).toMatch(/^s OK/);
  for (const command of [
    'a UID FETCH 1:* (FLAGS BODY.PEEK[])',
    'b UID STORE 1:3 +FLAGS (\\Deleted)',
    'c UID COPY 1:3 INBOX',
    'd UID MOVE 1:3 INBOX',
    'e UID EXPUNGE 1:3',
  ]) {
    const lines = await taggedLines(attacker, command);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^[a-e] OK/);
  }
  for (const key of [`EMAILID ${ids.email}`, `THREADID ${ids.thread}`, `TEXT ${SECRET}`, `SUBJECT ${SECRET}`]) {
    expect(await taggedLines(attacker, `f SEARCH ${key}`)).toContain('* SEARCH');
  }
});

test('nobody signs in for somebody else, and nobody sends in another’s name', async () => {
  const plain = Buffer.from(`${engine.user}\0${engine.other}\0${PASSWORD}`).toString('base64');
  const imap = await openImap(engine, null);
  expect(await tagged(imap, `a AUTHENTICATE PLAIN ${plain}`)).toMatch(/^a NO \[AUTHENTICATIONFAILED\]/);
  imap.cut();
  const submission = await LineClient.connect(engine.ports.submissions, { tls: true });
  await submission.reply();
  await submission.ask('EHLO a.example');
  expect(await submission.ask(`AUTH PLAIN ${plain}`)).toMatch(/^535 /);
  const own = Buffer.from(`\0${engine.other}\0${PASSWORD}`).toString('base64');
  expect(await submission.ask(`AUTH PLAIN ${own}`)).toMatch(/^235 /);
  expect(await submission.ask(`MAIL FROM:<${engine.user}>`)).toMatch(/^550 5\.7\.1/);
  expect(await submission.ask('MAIL FROM:<somebody@elsewhere.example>')).toMatch(/^550 5\.7\.1/);
  submission.cut();
});

test('the victim still has all of it', async () => {
  const victim = await openImap(engine);
  expect(await taggedLines(victim, 'a STATUS INBOX (MESSAGES UNSEEN)')).toContain(
    '* STATUS INBOX (MESSAGES 3 UNSEEN 3)',
  );
  victim.cut();
});
