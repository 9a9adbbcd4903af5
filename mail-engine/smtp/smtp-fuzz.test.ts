import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { mutatedSession, playSession } from '#engine/net/testing/mutated-session.ts';
import { type MailServer, openMailServer, PASSWORD } from './testing/open-mail-server.ts';

let server: MailServer;

beforeAll(async () => {
  server = await openMailServer(inject('clusterUrl'));
});
// Closing runs the store's check: whatever was sent, every invariant holds.
afterAll(() => server.close());

const BODY = 'From: carl@one.example\r\nSubject: fuzz\r\nBcc: x@y.example\r\n\r\n..dots\r\nbody\r\n.\r\n';
const TRANSCRIPTS = [
  `EHLO c.example\r\nMAIL FROM:<a@remote.example> SIZE=100 BODY=8BITMIME RET=HDRS ENVID=x\r\nRCPT TO:<ann@one.example> NOTIFY=NEVER ORCPT=rfc822;a@b\r\nDATA\r\n${BODY}`,
  `HELO c\r\nMAIL FROM:<>\r\nRCPT TO:<team@one.example>\r\nRCPT TO:<nobody@one.example>\r\nDATA\r\n${BODY}QUIT\r\n`,
  'EHLO [127.0.0.1]\r\nMAIL FROM:<"q\\"x"@r.example> SMTPUTF8\r\nRCPT TO:<carl@one.example>\r\nBDAT 12\r\nx: y\r\n\r\nhi\r\nBDAT 4 LAST\r\nhi\r\n',
  'RSET\r\nNOOP\r\nHELP\r\nVRFY x\r\nEXPN y\r\n',
  'EHLO c.example\r\nSTARTTLS\r\n\x16\x03\x01\x00\x05hello',
];
const BINARY =
  'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Transfer-Encoding: binary\r\n\r\n\0\n\r\x80\r\n--b\r\n\r\nx\r\n--b--\r\n';
const BINARIES = ['mx', 'lmtp'].map((name) => {
  const hello = name === 'lmtp' ? 'LHLO' : 'EHLO';
  const chunk = `BDAT 40\r\n${BINARY.slice(0, 40)}BDAT ${BINARY.length - 40} LAST\r\n${BINARY.slice(40)}`;
  return `${hello} c.example\r\nMAIL FROM:<a@remote.example> BODY=BINARYMIME\r\nRCPT TO:<ann@one.example>\r\nRCPT TO:<team@one.example>\r\n${chunk}NOOP\r\n`;
});
const LMTP = [
  `LHLO c.example\r\nMAIL FROM:<a@remote.example>\r\nRCPT TO:<ann@one.example>\r\nRCPT TO:<ben@one.example>\r\nDATA\r\n${BODY}QUIT\r\n`,
  'EHLO c\r\nMAIL FROM:<a@remote.example> HOLDFOR=60 REQUIRETLS\r\n',
];
const SUBMISSIONS = [
  `EHLO c.example\r\nAUTH PLAIN ${Buffer.from(`\0carl@one.example\0${PASSWORD}`).toString('base64')}\r\nMAIL FROM:<carl@one.example>\r\nRCPT TO:<ben@one.example>\r\nDATA\r\n${BODY}`,
  'EHLO c.example\r\nAUTH OAUTHBEARER bixhPXgsAWF1dGg9QmVhcmVyIHgBAQ==\r\nAQ==\r\nAUTH LOGIN\r\n*\r\n',
];

const ACCEPTED = /^250 2\.0\.0 Ok: queued as (\S+)$/gm;
const REPLY = /^(?:220|214|221|235|250|252|334|354|421|45\d|50\d|530|535|538|55\d)(?: |-)/;

/** Every line the server says is a reply; the messages it accepted are exactly those in the folders. */
async function hold(said: string, accepted: Set<string>): Promise<void> {
  const plain = said.split('220 2.0.0 Go ahead\r\n')[0] ?? '';
  for (const line of plain.split('\r\n').slice(0, -1)) expect(line).toMatch(REPLY);
  for (const [, ref] of said.replaceAll('\r', '').matchAll(ACCEPTED)) accepted.add(ref ?? '');
}

async function storedRefs(): Promise<Set<string>> {
  const messages = (await Promise.all(['ann', 'ben', 'carl'].map((name) => server.readInbox(name)))).flat();
  return new Set(messages.map((message) => /\bid ([0-9a-f]+-\d+)/.exec(message)?.[1] ?? ''));
}

test('mutated sessions: every 250 is in a folder, nothing else is, and the server lives', async () => {
  const accepted = new Set<string>();
  await fc.assert(
    fc.asyncProperty(mutatedSession([...TRANSCRIPTS, ...BINARIES]), async (session) => {
      await hold(await playSession(server.ports.mx, session), accepted);
    }),
    { numRuns: 300 },
  );
  await fc.assert(
    fc.asyncProperty(mutatedSession([...LMTP, ...BINARIES]), async (session) => {
      await hold(await playSession(server.ports.lmtp, session), accepted);
    }),
    { numRuns: 120 },
  );
  server.signInSettings.clearOnLoopback = true;
  await fc.assert(
    fc.asyncProperty(mutatedSession([...TRANSCRIPTS, ...SUBMISSIONS]), async (session) => {
      await hold(await playSession(server.ports.submission, session), accepted);
    }),
    { numRuns: 60 },
  );
  expect(accepted.size).toBeGreaterThan(50);
  expect(await storedRefs()).toEqual(accepted);
  const client = await server.connect('mx');
  await client.reply();
  expect(await client.ask('EHLO after.example')).toMatch(/^250-mx\.test/);
  client.cut();
}, 120_000);
