/**
 * Whole sessions with mutated transcripts: whatever is sent, the server answers the next client, no session hears of a fault of
 * ours, and every invariant of the store holds afterwards.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { runCheck } from '#engine/check/run-check.ts';
import { LineClient } from '#engine/net/testing/line-client.ts';
import { append } from '#engine/store/testing/open-test-store.ts';
import { type ImapServer, openImapServer, PASSWORD } from './testing/open-imap-server.ts';
import { play } from './testing/transcript.ts';

let server: ImapServer;
beforeAll(async () => {
  server = await openImapServer(inject('clusterUrl'), { limits: { keepAliveMs: 1_000, appendBytes: 100_000 } });
  for (let made = 0; made < 5; made += 1) {
    await append(server.store, server.accountId, 'INBOX', `Subject: message ${made}\r\n\r\nbody ${made}\r\n`);
  }
});
afterAll(() => server.close());

const LINES = [
  'select inbox',
  'examine "Archive" (condstore)',
  'select INBOX (qresync (1 1 1:5))',
  'enable qresync utf8=accept',
  'fetch 1:* (uid flags envelope bodystructure internaldate rfc822.size)',
  'uid fetch 1:* (body.peek[header.fields (subject from)] body[text]<0.10>)',
  'uid fetch 1:* (flags) (changedsince 1 vanished)',
  'fetch 1 body[1.2.mime]',
  'search return (min max all count save) or from x not (seen body "x")',
  'uid search charset utf-8 text {4+}\r\nbody',
  'search since 1-Jan-2020 larger 5 modseq 2',
  'store 1:2 +flags (\\Seen $Key)',
  'uid store 1:* (unchangedsince 5) -flags.silent \\Deleted',
  'store 2 flags (\\Deleted)',
  'expunge',
  'uid expunge 1:3',
  'copy 1:* Archive',
  'uid move 1:2 Trash',
  'append inbox (\\Seen) " 5-Feb-2020 10:00:00 +0200" {20+}\r\nSubject: x\r\n\r\nhello!',
  'append {6+}\r\nDrafts {3+}\r\nabc',
  'create "a/b/&APw-"',
  'rename a x/y',
  'rename inbox old',
  'delete "a/b"',
  'list (subscribed recursivematch) "" (% *) return (status (messages unseen size))',
  'list "" %',
  'lsub "" *',
  'status inbox (messages uidnext uidvalidity unseen highestmodseq)',
  'subscribe x',
  'unsubscribe INBOX',
  'getquotaroot inbox',
  'id ("name" "fuzz")',
  'idle\r\ndone',
  'close',
  'unselect',
  'check',
  'noop',
  'authenticate plain',
];

const JUNK = [
  '{',
  '}',
  '"',
  '(',
  ')',
  '\\',
  '*',
  '%',
  '\r\n',
  '\n',
  '\0',
  ' ',
  '~{3}',
  '{3+}',
  '{9999999+}',
  '\xff',
  '$',
  ':',
  ',',
  '0',
];

const mutation = fc.oneof(
  { weight: 6, arbitrary: fc.constant((line: string) => line) },
  fc.tuple(fc.nat(80), fc.constantFrom(...JUNK)).map(
    ([at, junk]) =>
      (line: string) =>
        line.slice(0, at) + junk + line.slice(at),
  ),
  fc.tuple(fc.nat(80), fc.nat(10)).map(
    ([at, count]) =>
      (line: string) =>
        line.slice(0, at) + line.slice(at + count),
  ),
  fc.nat(80).map((at) => (line: string) => line.slice(0, at)),
  fc.nat(80).map((at) => (line: string) => line.slice(at) + line.slice(0, at)),
  fc.integer({ min: 2, max: 50 }).map((times) => (line: string) => line.repeat(times)),
);

/** Most commands need a folder, and the others keep leaving it. */
const line = fc.oneof(
  { weight: 1, arbitrary: fc.constant('select inbox') },
  { weight: 6, arbitrary: fc.constantFrom(...LINES) },
);
const step = fc.tuple(line, mutation).map(([text, mutate]) => mutate(text));
const session = fc.record({
  steps: fc.array(step, { minLength: 15, maxLength: 60, size: 'max' }),
  cuts: fc.boolean(),
});

async function playSession(steps: readonly string[], cuts: boolean): Promise<string> {
  const client = await LineClient.connect(server.port);
  client.send(`login login ${server.address} "${PASSWORD}"\r\n`);
  client.send('s append inbox {16+}\r\nSubject: x\r\n\r\nhi\r\ns select inbox\r\n');
  client.send(steps.map((line, index) => `t${index} ${line}\r\n`).join(''));
  if (cuts) {
    client.cut();
    return '';
  }
  client.finish();
  return await client.rest();
}

test('mutated sessions, two at a time', async () => {
  let completed = 0;
  await fc.assert(
    fc.asyncProperty(session, session, async (first, second) => {
      const received = await Promise.all([
        playSession(first.steps, first.cuts),
        playSession(second.steps, second.cuts),
      ]);
      for (const text of received) {
        expect(text).not.toContain('SERVERBUG');
        completed += text.match(/^t\d+ OK /gm)?.length ?? 0;
      }
    }),
    { numRuns: 120, interruptAfterTimeLimit: 20_000 },
  );
  // The mutations must leave enough of the commands alive to be worth anything.
  expect(completed).toBeGreaterThan(50);
  await play({ port: server.port }, 'C1: a select inbox\nS1* a OK ...\nC1: b noop\nS1* b OK ...');
}, 60_000);

test('mutated bytes before login', async () => {
  const bytes = fc.array(
    fc.oneof(fc.constantFrom(...LINES, ...JUNK, 'a ', 'login ', 'starttls', '\r\n'), fc.string({ unit: 'binary' })),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (pieces) => {
      const client = await LineClient.connect(server.port);
      client.send(pieces.join(''));
      client.finish();
      const received = await client.rest();
      expect(received.startsWith('* OK ')).toBe(true);
      expect(received).not.toContain('SERVERBUG');
    }),
    { numRuns: 150, interruptAfterTimeLimit: 15_000 },
  );
}, 60_000);

test('the store is sound afterwards', async () => {
  expect(await runCheck(server.pool, { repair: false })).toEqual([]);
});
