import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, inject, test } from 'vitest';
import { createAccessTokens } from '#server/auth/access-token.ts';
import { type ImapServer, openImapServer, SECRET } from './testing/open-imap-server.ts';
import { play } from './testing/transcript.ts';

let server: ImapServer;
beforeAll(async () => {
  server = await openImapServer(inject('clusterUrl'));
});
afterAll(() => server.close());

const signedOut = (transcript: string) => play({ port: server.port, signIn: false }, transcript);
const signedIn = (transcript: string) => play({ port: server.port }, transcript);

test('a client that signs in with LOGIN', () =>
  signedOut(`
    S1: * OK [CAPABILITY IMAP4rev1 ... STARTTLS AUTH=SCRAM-SHA-256 AUTH=PLAIN AUTH=LOGIN AUTH=OAUTHBEARER AUTH=XOAUTH2] mail.test ready
    C1: a1 capability
    S1: * CAPABILITY IMAP4rev1 LITERAL+ SASL-IR ID ENABLE STARTTLS AUTH=...
    S1: a1 OK CAPABILITY completed
    C1: a2 select inbox
    S1: a2 BAD SELECT cannot be used in the not-authenticated state
    C1: a3 login anna@one.example wrong
    S1: a3 NO [AUTHENTICATIONFAILED] ...
    C1: a4 login anna@one.example {13}
    S1: + OK
    C1: correct horse
    S1: a4 OK [CAPABILITY ... IDLE ... APPENDLIMIT=67108864] Signed in
    C1: a5 login anna@one.example "correct horse"
    S1: a5 BAD LOGIN cannot be used in the authenticated state
    C1: a6 logout
    S1: * BYE Goodbye
    S1: a6 OK LOGOUT completed
    S1: (closed)
  `));

test('LOGIN with non-synchronizing literals, pipelined', () =>
  signedOut(`
    S1: * OK ...
    C1: a1 login {16+}
    C1: anna@one.example {13+}
    C1: correct horse
    C1: a2 noop
    S1: a1 OK ...
    S1: a2 OK NOOP completed
  `));

test('AUTHENTICATE PLAIN, with and without initial response, and cancelled', () => {
  const plain = Buffer.from('\0anna@one.example\0correct horse').toString('base64');
  return signedOut(`
    S1: * OK ...
    C1: a0 authenticate plain
    S1: +...
    C1: *
    S1: a0 BAD Authentication cancelled
    C1: a1 authenticate plain
    S1: +...
    C1: not base64!
    S1: a1 BAD That is not base64
    C1: a2 authenticate plain ${plain}
    S1: a2 OK [CAPABILITY ...
    S2: * OK ...
    C2: b1 authenticate PLAIN
    S2: +...
    C2: ${plain}
    S2: b1 OK [CAPABILITY ...
  `);
});

test('AUTHENTICATE LOGIN', () =>
  signedOut(`
    S1: * OK ...
    C1: a1 authenticate login
    S1: + ${Buffer.from('Username:').toString('base64')}
    C1: ${Buffer.from('anna@one.example').toString('base64')}
    S1: + ${Buffer.from('Password:').toString('base64')}
    C1: ${Buffer.from('correct horse').toString('base64')}
    S1: a1 OK [CAPABILITY ...
  `));

test('OAUTHBEARER with a bad token is challenged, then refused', () => {
  const response = Buffer.from('n,a=anna@one.example,\x01auth=Bearer nonsense\x01\x01').toString('base64');
  const challenge = Buffer.from('{"status":"invalid_token","schemes":"bearer"}').toString('base64');
  return signedOut(`
    S1: * OK ...
    C1: a1 authenticate oauthbearer ${response}
    S1: + ${challenge}
    C1: AQ==
    S1: a1 NO [AUTHENTICATIONFAILED] ...
  `);
});

test('OAUTHBEARER and XOAUTH2 with the token of a web session, only for its own account', async () => {
  const sessionId = randomUUID();
  await server.pool.query(
    `INSERT INTO web_session (id, account_id, expires_at) VALUES ($1, $2, now() + interval '1 hour')`,
    [sessionId, server.accountId],
  );
  const tokens = createAccessTokens({ secret: SECRET, now: () => new Date() });
  const token = await tokens.issueAccessToken({ sessionId, accountId: server.accountId });
  const bearer = (user: string) =>
    Buffer.from(`n,a=${user},\x01host=mail.test\x01port=993\x01auth=Bearer ${token}\x01\x01`).toString('base64');
  await signedOut(`
    S1: * OK ...
    C1: a1 authenticate oauthbearer ${bearer('bob@one.example')}
    S1: + ...
    C1: AQ==
    S1: a1 NO [AUTHENTICATIONFAILED] ...
    C1: a2 authenticate oauthbearer ${bearer('anna@one.example')}
    S1: a2 OK [CAPABILITY ...
    S2: * OK ...
    C2: b1 authenticate xoauth2
    S2: +...
    C2: ${Buffer.from(`user=anna@one.example\x01auth=Bearer ${token}\x01\x01`).toString('base64')}
    S2: b1 OK [CAPABILITY ...
  `);
});

test('acting for somebody else is refused', () =>
  signedOut(`
    S1: * OK ...
    C1: a1 authenticate plain ${Buffer.from('bob@one.example\0anna@one.example\0correct horse').toString('base64')}
    S1: a1 NO [AUTHENTICATIONFAILED] ...
  `));

test('too many failed logins end the session', () =>
  signedOut(`
    S1: * OK ...
    C1: a1 login nobody@one.example x
    S1: a1 NO ...
    C1: a2 login nobody@one.example x
    S1: a2 NO ...
    C1: a3 login nobody@one.example x
    S1: a3 NO ...
    C1: a4 login nobody@one.example x
    S1: a4 NO ...
    C1: a5 login nobody@one.example x
    S1: * BYE Too many failed logins
    S1: (closed)
  `));

test('ID, NAMESPACE, ENABLE and unknown commands', () =>
  signedIn(`
    C1: a id ("name" "x" "version" NIL)
    S1: * ID ("name" "Mailstead")
    S1: a OK ID completed
    C1: a id nil
    S1: * ID ...
    S1: a OK ID completed
    C1: b namespace
    S1: * NAMESPACE (("" "/")) NIL NIL
    S1: b OK NAMESPACE completed
    C1: c enable qresync X-NOTHING
    S1: * ENABLED QRESYNC
    S1: c OK ENABLE completed
    C1: d enable condstore
    S1: * ENABLED
    S1: d OK ENABLE completed
    C1: e frobnicate
    S1: e BAD Unknown command
    C1: f noop with arguments
    S1: f BAD Unexpected characters at the end of the command
    C1: g uid noop
    S1: g BAD Unknown command
    C1:
    S1: * BAD ...
    C1: h
    S1: * BAD ...
  `));

test('quota of an account without a limit and with one', async () => {
  await signedIn(`
    C1: a getquotaroot inbox
    S1: * QUOTAROOT INBOX ""
    S1: * QUOTA "" ()
    S1: a OK GETQUOTAROOT completed
    C1: b getquota other
    S1: b NO [NONEXISTENT] ...
  `);
  await server.addAccount('small@one.example', 2048);
  await play(
    { port: server.port, address: 'small@one.example' },
    `
    C1: a getquota ""
    S1: * QUOTA "" (STORAGE 0 2)
    S1: a OK GETQUOTA completed
    C1: b append inbox {4096}
    S1: b NO [OVERQUOTA] ...
    C1: c append inbox {13}
    S1: + ...
    C1: a: b
    C1:
    C1: hello
    S1: c OK [APPENDUID ... 1] APPEND completed
    C1: d getquota ""
    S1: * QUOTA "" (STORAGE 1 2)
    S1: d OK GETQUOTA completed
  `,
  );
});
