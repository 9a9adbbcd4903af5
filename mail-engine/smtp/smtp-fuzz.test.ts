import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type MutatedSession, mutatedSession, playSession } from '#engine/net/testing/mutated-session.ts';
import { type MailServer, openMailServer, PASSWORD } from './testing/open-mail-server.ts';
import { SessionLedger } from './testing/session-ledger.ts';

let server: MailServer;
const ledger = new SessionLedger();
/** Of all the sessions; FUZZ_SEED plays those of an earlier run again. */
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

beforeAll(async () => {
  server = await openMailServer(inject('clusterUrl'), { log: ledger.log });
});
// Closing runs the store's check: whatever was sent, every invariant holds.
afterAll(() => server.close());

const BODY = 'From: carl@one.example\r\nSubject: fuzz\r\nBcc: x@y.example\r\n\r\n..dots\r\nbody\r\n.\r\n';
const TRANSCRIPTS = [
  `EHLO c.example\r\nMAIL FROM:<a@remote.example> SIZE=100 BODY=8BITMIME RET=HDRS ENVID=x\r\nRCPT TO:<ann@one.example> NOTIFY=NEVER ORCPT=rfc822;a@b\r\nDATA\r\n${BODY}`,
  `HELO c\r\nMAIL FROM:<>\r\nRCPT TO:<team@one.example>\r\nRCPT TO:<nobody@one.example>\r\nDATA\r\n${BODY}QUIT\r\n`,
  'EHLO [127.0.0.1]\r\nMAIL FROM:<"q\\"x"@r.example> SMTPUTF8\r\nRCPT TO:<carl@one.example>\r\nBDAT 12\r\nx: y\r\n\r\nhi\r\nBDAT 4 LAST\r\nhi\r\n',
  'RSET\r\nNOOP\r\nHELP\r\nVRFY x\r\nEXPN y\r\n',
  'EHLO c.example\r\nSTARTTLS\r\n',
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
const SIGN_IN = `EHLO c.example\r\nAUTH PLAIN ${Buffer.from(`\0carl@one.example\0${PASSWORD}`).toString('base64')}\r\n`;
const SUBMISSIONS = [
  `${SIGN_IN}MAIL FROM:<carl@one.example>\r\nRCPT TO:<ben@one.example>\r\nDATA\r\n${BODY}`,
  `${SIGN_IN}MAIL FROM:<carl@one.example>\r\nRCPT TO:<team@one.example>\r\nRCPT TO:<zoe@there.example>\r\nDATA\r\n${BODY}`,
  `${SIGN_IN}MAIL FROM:<carl@one.example> HOLDFOR=60\r\nRCPT TO:<team@one.example>\r\nRCPT TO:<zoe@there.example>\r\nDATA\r\n${BODY}`,
  'EHLO c.example\r\nAUTH OAUTHBEARER bixhPXgsAWF1dGg9QmVhcmVyIHgBAQ==\r\nAQ==\r\nAUTH LOGIN\r\n*\r\n',
];

const REPLY = /^(?:220|214|221|235|250|252|334|354|421|45\d|50\d|530|535|538|55\d)(?: |-)/;

/** Every line the server says is a reply; what it acknowledges is noted. */
async function play(service: 'mx' | 'lmtp' | 'submission', session: MutatedSession): Promise<void> {
  const said = await playSession(server.ports[service], session);
  ledger.note(service, session, said);
  const plain = said.split('220 2.0.0 Go ahead\r\n')[0] ?? '';
  for (const line of plain.split('\r\n').slice(0, -1)) expect(line).toMatch(REPLY);
}

/** The transcripts as they are, and then mutated. */
async function fuzz(service: Parameters<typeof play>[0], transcripts: readonly string[], numRuns: number) {
  for (const text of transcripts) await play(service, { text, cuts: [] });
  const property = fc.asyncProperty(mutatedSession(transcripts), (session) => play(service, session));
  await fc.assert(property, { numRuns, seed: SEED });
}

test('mutated sessions: every 250 is in folders or in the queue, nothing else is, and the server lives', async () => {
  await fuzz('mx', [...TRANSCRIPTS, ...BINARIES], 300);
  await fuzz('lmtp', [...LMTP, ...BINARIES], 120);
  server.signInSettings.clearOnLoopback = true;
  await fuzz('submission', [...TRANSCRIPTS, ...SUBMISSIONS], 60);
  server.sendLimits.messagesPerHour = 1; // what carl sends from now on is held
  await fuzz('submission', SUBMISSIONS, 30);
  expect(ledger.size).toBeGreaterThan(50);
  const { faults, places } = await ledger.check(server);
  expect(faults, `seed ${SEED}`).toEqual([]);
  expect(places).toEqual(new Set(['folder', 'waiting', 'later', 'held']));
  const client = await server.connect('mx');
  await client.reply();
  expect(await client.ask('EHLO after.example')).toMatch(/^250-mx\.test/);
  client.cut();
}, 120_000);
