/** Several sessions on one folder: who is told what, and when. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { LineClient } from '#engine/net/testing/line-client.ts';
import { append, deliver } from '#engine/store/testing/open-test-store.ts';
import { type ImapServer, openImapServer, PASSWORD } from './testing/open-imap-server.ts';
import { play } from './testing/transcript.ts';

let server: ImapServer;
beforeAll(async () => {
  server = await openImapServer(inject('clusterUrl'), { limits: { keepAliveMs: 50, idleTimeoutMs: 60_000 } });
});
afterAll(() => server.close());

const MESSAGE = 'Subject: x\r\n\r\nbody\r\n';

async function account(name: string, messages: number) {
  const address = `${name}@one.example`;
  const accountId = await server.addAccount(address);
  for (let made = 0; made < messages; made += 1) await append(server.store, accountId, 'INBOX', MESSAGE);
  return { address, accountId };
}

async function run(name: string, messages: number, transcript: string): Promise<void> {
  const { address } = await account(name, messages);
  await play({ port: server.port, address }, transcript);
}

test('flags set by one session are told to the other', () =>
  run(
    'flags',
    2,
    `
    C1: a select inbox
    S1* a OK ...
    C2: a select inbox
    S2* a OK ...
    C1: b store 2 +flags.silent (\\Flagged)
    S1: b OK ...
    C2: b noop
    S2: * 2 FETCH (UID 2 FLAGS (\\Flagged))
    S2: b OK ...
    C1: c noop
    S1: c OK ...
  `,
  ));

test('a silent STORE does not hide what others changed before it', () =>
  run(
    'silent',
    1,
    `
    C1: a select inbox
    S1* a OK ...
    C2: a select inbox
    S2* a OK ...
    C2: b store 1 +flags.silent (\\Flagged)
    S2: b OK ...
    C1: b store 1 +flags.silent (\\Seen)
    S1: * 1 FETCH (UID 1 FLAGS (\\Flagged \\Seen))
    S1: b OK ...
  `,
  ));

test('EXPUNGE is held back during FETCH, STORE and SEARCH by number, and not by UID', () =>
  run(
    'held',
    4,
    `
    C1: a select inbox
    S1* a OK ...
    C2: a select inbox
    S2* a OK ...
    C1: b store 2 +flags.silent (\\Deleted)
    S1: b OK ...
    C1: c expunge
    S1: * 2 EXPUNGE
    S1: c OK ...
    C2: b fetch 1:4 uid
    S2: * 1 FETCH (UID 1)
    S2: * 3 FETCH (UID 3)
    S2: * 4 FETCH (UID 4)
    S2: b NO [EXPUNGEISSUED] ...
    C2: c search all
    S2: * SEARCH 1 2 3 4
    S2: c OK ...
    C2: d store 2 +flags (\\Seen)
    S2: d OK [EXPUNGEISSUED] ...
    C2: e store 4 +flags (\\Seen)
    S2: * 4 FETCH (UID 4 FLAGS (\\Seen))
    S2: e OK STORE completed
    C2: f uid fetch 4 uid
    S2: * 4 FETCH (UID 4)
    S2: * 2 EXPUNGE
    S2: f OK ...
    C2: g fetch 3 uid
    S2: * 3 FETCH (UID 4)
    S2: g OK ...
  `,
  ));

test('a message that came and went unseen is never mentioned', () =>
  run(
    'unseen',
    1,
    `
    C1: a select inbox
    S1* a OK ...
    C2: a select inbox
    S2* a OK ...
    C2: b append inbox (\\Deleted) {5+}
    C2: hello
    S2: * 2 EXISTS
    S2: b OK ...
    C2: c expunge
    S2: * 2 EXPUNGE
    S2: c OK ...
    C1: b noop
    S1: b OK ...
  `,
  ));

test('a delivered message wakes an idling session', async () => {
  const { address, accountId } = await account('idle', 0);
  const client = await LineClient.connect(server.port);
  await client.line();
  client.send(`a login ${address} "${PASSWORD}"\r\nb select inbox\r\nc idle\r\n`);
  while ((await client.line()) !== '+ idling');
  await deliver(server.intake, [{ kind: 'local', accountId, domainId: server.domainId, address }], MESSAGE);
  const lines = [];
  for (let line = await client.line(); line !== '* 1 EXISTS'; line = await client.line()) lines.push(line);
  expect(lines.filter((line) => line !== '* OK Still here')).toEqual([]);
  client.send('DONE\r\nd logout\r\n');
  expect(await client.rest()).toContain('c OK IDLE completed\r\n* BYE Goodbye\r\nd OK');
});

test('an idling session hears of flags and of removals at once, and is told that we are here', () =>
  run(
    'idling',
    3,
    `
    C1: a select inbox
    S1* a OK ...
    C2: a select inbox
    S2* a OK ...
    C1: b idle
    S1: + idling
    S1: * OK Still here
    C2: b store 3 +flags.silent (\\Flagged)
    S2: b OK ...
    S1* * 3 FETCH (UID 3 FLAGS (\\Flagged))
    C2: c store 1 +flags.silent (\\Deleted)
    S2: c OK ...
    S1* * 1 FETCH (UID 1 FLAGS (\\Deleted))
    C2: d expunge
    S2: * 1 EXPUNGE
    S2: d OK ...
    S1* * 1 EXPUNGE
    C1: done
    S1* b OK IDLE completed
    C1: c idle
    S1* + idling
    C1: nonsense
    S1* c BAD Expected DONE
    C1: d uid fetch 3 uid
    S1: * 2 FETCH (UID 3)
    S1: d OK ...
  `,
  ));

test('another engine on the same database is seen too', async () => {
  const { address, accountId } = await account('nodes', 0);
  const other = await server.openAnother();
  const client = await LineClient.connect(server.port);
  client.send(`a login ${address} "${PASSWORD}"\r\nb select inbox\r\nc idle\r\n`);
  while ((await client.line()) !== '+ idling');
  await append(other.store, accountId, 'INBOX', MESSAGE);
  while ((await client.line()) !== '* 1 EXISTS');
  client.send('DONE\r\n');
  while ((await client.line()) !== 'c OK IDLE completed');
  client.cut();
  await other.close();
});

test('a client that idles too long is logged out', async () => {
  const short = await openImapServer(inject('clusterUrl'), { limits: { keepAliveMs: 20, idleTimeoutMs: 60 } });
  await play(
    { port: short.port },
    `
    C1: a idle
    S1: + idling
    S1: * OK Still here
    S1: * OK Still here
    S1: * OK Still here
    S1: * BYE Autologout, nothing was heard for too long
    S1: (closed)
  `,
  );
  await short.close();
});

test('sessions are told when the engine stops', async () => {
  const stopping = await openImapServer(inject('clusterUrl'));
  const client = await LineClient.connect(stopping.port);
  await client.line();
  await stopping.stopListening();
  expect(await client.rest()).toBe('* BYE The server is going down, please come back\r\n');
  await stopping.close();
});
