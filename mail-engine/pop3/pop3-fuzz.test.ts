import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { mutatedSession, playSession } from '#engine/net/testing/mutated-session.ts';
import { type MailServer, openMailServer, PASSWORD } from '#engine/smtp/testing/open-mail-server.ts';
import { append } from '#engine/store/testing/open-test-store.ts';

let server: MailServer;

beforeAll(async () => {
  server = await openMailServer(inject('clusterUrl'), { pop3Limits: { failedLogins: 50 } });
  server.signInSettings.clearOnLoopback = true;
  const accountId = server.accounts.ann ?? 0;
  for (let n = 0; n < 30; n++) await append(server.store, accountId, 'INBOX', `Subject: ${n}\r\n\r\n.dot\r\nbody\r\n`);
});
// Closing runs the store's check: whatever was sent, every invariant holds.
afterAll(() => server.close());

const SIGN_IN = `USER ann@one.example\r\nPASS ${PASSWORD}\r\n`;
const TRANSCRIPTS = [
  `${SIGN_IN}STAT\r\nLIST\r\nUIDL\r\nRETR 1\r\nTOP 2 1\r\nNOOP\r\nRSET\r\nQUIT\r\n`,
  `CAPA\r\n${SIGN_IN}DELE 1\r\nLIST 2\r\nUIDL 2\r\nRETR 3\r\n`,
  'AUTH\r\nAUTH PLAIN\r\n*\r\nCAPA\r\nQUIT\r\n',
  'STLS\r\n\x16\x03\x01\x00\x05hello',
];

test('mutated sessions: only QUIT removes, and the server lives', async () => {
  await fc.assert(
    fc.asyncProperty(mutatedSession(TRANSCRIPTS), async (session) => {
      const before = (await server.readInbox('ann')).length;
      const said = await playSession(server.ports.pop3, session);
      expect(said).toMatch(/^\+OK mx\.test POP3 ready\r\n/);
      const after = (await server.readInbox('ann')).length;
      if (!said.includes('+OK Bye\r\n') || !said.includes('+OK Marked\r\n')) expect(after).toBe(before);
      else expect(after).toBeGreaterThanOrEqual(before - said.split('+OK Marked\r\n').length + 1);
    }),
    { numRuns: 80 },
  );
  const client = await server.connect('pop3');
  expect(await client.line()).toMatch(/^\+OK/);
  client.cut();
}, 120_000);
