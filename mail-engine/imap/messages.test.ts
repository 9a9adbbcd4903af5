import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { LineClient } from '#engine/net/testing/line-client.ts';
import { append, deliver, EMPTY_ENVELOPE } from '#engine/store/testing/open-test-store.ts';
import { Flag } from '#engine/store/types.ts';
import { type ImapServer, openImapServer, PASSWORD } from './testing/open-imap-server.ts';
import { play } from './testing/transcript.ts';

let server: ImapServer;
beforeAll(async () => {
  server = await openImapServer(inject('clusterUrl'));
});
afterAll(() => server.close());

const HEADER = [
  'From: Bob <bob@far.example>',
  'To: anna@one.example',
  'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=',
  'Date: Mon, 2 Mar 2026 23:30:00 -0800',
  'Message-ID: <1@far.example>',
];
const SIMPLE = `${HEADER.join('\r\n')}\r\n\r\nHello there\r\n`;
const MULTIPART = [
  'From: carol@far.example',
  'Subject: parts',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  '',
  'first part',
  '--b',
  'Content-Type: message/rfc822',
  '',
  'Subject: inner',
  '',
  'inner body',
  '--b--',
  '',
].join('\r\n');

/** An account of its own, with `messages` in INBOX. */
async function run(name: string, messages: readonly string[], transcript: string): Promise<Map<string, string>> {
  const address = `${name}@one.example`;
  const accountId = await server.addAccount(address);
  for (const message of messages) await append(server.store, accountId, 'INBOX', message);
  return await play({ port: server.port, address }, transcript);
}

test('SELECT and EXAMINE say what RFC 3501 requires', () =>
  run(
    'select',
    [SIMPLE, SIMPLE],
    `
    C1: a select inbox
    S1: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)
    S1: * OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)] ...
    S1: * 2 EXISTS
    S1: * 0 RECENT
    S1: * OK [UNSEEN 1] ...
    S1: * OK [UIDVALIDITY ...] ...
    S1: * OK [UIDNEXT 3] ...
    S1: * OK [HIGHESTMODSEQ ...] ...
    S1: * OK [MAILBOXID (F...)] ...
    S1: a OK [READ-WRITE] SELECT completed
    C1: b examine inbox
    S1: * OK [CLOSED] ...
    S1: * FLAGS ...
    S1: * OK [PERMANENTFLAGS ()] ...
    S1* b OK [READ-ONLY] EXAMINE completed
    C1: c store 1 +flags (\\Seen)
    S1: c NO [READ-ONLY] ...
    C1: d fetch 1 body[text]
    S1: * 1 FETCH (BODY[TEXT] {13}
    S1: Hello there
    S1: )
    S1: d OK ...
    C1: e fetch 1 flags
    S1: * 1 FETCH (FLAGS ())
    S1: e OK ...
    C1: f unselect
    S1: f OK UNSELECT completed
    C1: g fetch 1 flags
    S1: g BAD FETCH cannot be used in the authenticated state
    C1: h select Nowhere
    S1: h NO [NONEXISTENT] ...
  `,
  ));

test('FETCH of everything a row has', () =>
  run(
    'rows',
    [SIMPLE],
    `
    C1: a select inbox
    S1* a OK ...
    C1: b fetch 1 (uid flags rfc822.size internaldate savedate emailid threadid preview modseq)
    S1: * 1 FETCH (UID 1 FLAGS () RFC822.SIZE ${SIMPLE.length} INTERNALDATE "... +0000" SAVEDATE "... +0000" EMAILID (M...) THREADID (T...) PREVIEW "Hello there" MODSEQ (...))
    S1: b OK FETCH completed
    C1: c fetch 1 envelope
    S1: * 1 FETCH (ENVELOPE ("Mon, 2 Mar 2026 23:30:00 -0800" "=?utf-8?q?Gr=C3=BC=C3=9Fe?=" (("Bob" NIL "bob" "far.example")) (("Bob" NIL "bob" "far.example")) (("Bob" NIL "bob" "far.example")) ((NIL NIL "anna" "one.example")) NIL NIL NIL "<1@far.example>"))
    S1: c OK FETCH completed
    C1: d fetch 1 fast
    S1: * 1 FETCH (FLAGS () INTERNALDATE "..." RFC822.SIZE ${SIMPLE.length})
    S1: d OK FETCH completed
    C1: e fetch 1 (body bodystructure)
    S1: * 1 FETCH (BODY ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 13 1) BODYSTRUCTURE ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 13 1 NIL NIL NIL NIL))
    S1: e OK FETCH completed
    C1: f uid fetch 1:* (preview (lazy))
    S1: * 1 FETCH (PREVIEW "Hello there" UID 1)
    S1: f OK UID FETCH completed
    C1: g uid fetch 77 flags
    S1: g OK UID FETCH completed
    C1: h fetch 2 flags
    S1: h BAD There is no message with that sequence number
    C1: i fetch 1 nonsense
    S1: i BAD There is no such FETCH item
  `,
  ));

test('sections, partials and their names', () =>
  run(
    'sections',
    [MULTIPART],
    `
    C1: a select inbox
    S1* a OK ...
    C1: b fetch 1 (body.peek[1] body.peek[1.mime] body.peek[2] body.peek[2.header] body.peek[2.text] body.peek[2.1])
    S1: * 1 FETCH (BODY[1] {10}
    S1: first part BODY[1.MIME] {2}
    S1:
    S1:  BODY[2] {28}
    S1: Subject: inner
    S1:
    S1: inner body BODY[2.HEADER] {18}
    S1: Subject: inner
    S1:
    S1:  BODY[2.TEXT] {10}
    S1: inner body BODY[2.1] {10}
    S1: inner body)
    S1: b OK ...
    C1: c fetch 1 body.peek[header.fields (Subject X-None)]
    S1: * 1 FETCH (BODY[HEADER.FIELDS (Subject X-None)] {18}
    S1: Subject: parts
    S1:
    S1: )
    S1: c OK ...
    C1: d fetch 1 body.peek[header.fields.not ("Subject" Content-Type)]
    S1: * 1 FETCH (BODY[HEADER.FIELDS.NOT (Subject Content-Type)] {27}
    S1: From: carol@far.example
    S1:
    S1: )
    S1: d OK ...
    C1: e fetch 1 (body.peek[1]<6.4> body.peek[]<0.4> body.peek[]<99999.5>)
    S1: * 1 FETCH (BODY[1]<6> {4}
    S1: part BODY[]<0> {4}
    S1: From BODY[]<99999> {0}
    S1: )
    S1: e OK ...
    C1: f fetch 1 (body.peek[7] body.peek[1.header])
    S1: * 1 FETCH (BODY[7] {0}
    S1:  BODY[1.HEADER] {0}
    S1: )
    S1: f OK ...
    C1: g fetch 1 body.peek[mime]
    S1: g BAD ...
    C1: h fetch 1 body.peek[1]<0.0>
    S1: h BAD ...
    C1: i fetch 1 flags
    S1: * 1 FETCH (FLAGS ())
    S1: i OK ...
  `,
  ));

test('reading a body sets \\Seen and says so; RFC822.HEADER does not', () =>
  run(
    'seen',
    [SIMPLE],
    `
    C1: a select inbox
    S1* a OK ...
    C1: b fetch 1 rfc822.header
    S1: * 1 FETCH (RFC822.HEADER {${SIMPLE.length - 13}}
    S1* )
    S1: b OK ...
    C1: c fetch 1 body[text]
    S1: * 1 FETCH (BODY[TEXT] {13}
    S1: Hello there
    S1:  FLAGS (\\Seen))
    S1: c OK ...
    C1: d fetch 1 (flags rfc822.text)
    S1: * 1 FETCH (FLAGS (\\Seen) RFC822.TEXT {13}
    S1: Hello there
    S1: )
    S1: d OK ...
  `,
  ));

test('STORE: add, remove, replace, silent, keywords', () =>
  run(
    'store',
    [SIMPLE, SIMPLE],
    `
    C1: a select inbox
    S1* a OK ...
    C1: b store 1 +flags (\\Seen $Forwarded)
    S1: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Forwarded)
    S1: * OK [PERMANENTFLAGS ...
    S1: * 1 FETCH (UID 1 FLAGS (\\Seen $Forwarded))
    S1: b OK STORE completed
    C1: c store 1:2 -flags \\seen
    S1: * 1 FETCH (UID 1 FLAGS ($Forwarded))
    S1: * 2 FETCH (UID 2 FLAGS ())
    S1: c OK ...
    C1: d store 1 flags.silent (\\Flagged)
    S1: d OK ...
    C1: e fetch 1 flags
    S1: * 1 FETCH (FLAGS (\\Flagged))
    S1: e OK ...
    C1: f store 1 flags ()
    S1: * 1 FETCH (UID 1 FLAGS ())
    S1: f OK ...
    C1: g store 1 +flags (\\Recent)
    S1: g BAD ...
    C1: h uid store 2 +flags (\\Deleted)
    S1: * 2 FETCH (UID 2 FLAGS (\\Deleted))
    S1: h OK ...
  `,
  ));

test('EXPUNGE, UID EXPUNGE and CLOSE', () =>
  run(
    'expunge',
    [SIMPLE, SIMPLE, SIMPLE, SIMPLE],
    `
    C1: a select inbox
    S1* a OK ...
    C1: b store 1:3 +flags.silent (\\Deleted)
    S1: b OK ...
    C1: c uid expunge 2,4
    S1: * 2 EXPUNGE
    S1: c OK UID EXPUNGE completed
    C1: d expunge
    S1: * 2 EXPUNGE
    S1: * 1 EXPUNGE
    S1: d OK EXPUNGE completed
    C1: e store 1 +flags.silent (\\Deleted)
    S1: e OK ...
    C1: f close
    S1: f OK CLOSE completed
    C1: g status inbox (messages uidnext)
    S1: * STATUS INBOX (MESSAGES 0 UIDNEXT 5)
    S1: g OK ...
    C1: h select inbox
    S1* h OK ...
    C1: i fetch 1:* flags
    S1: i OK FETCH completed
    C1: j search 1:* unseen
    S1: * SEARCH
    S1: j OK ...
    C1: k fetch 1 flags
    S1: k BAD ...
  `,
  ));

test('COPY and MOVE tell the new UIDs', () =>
  run(
    'copy',
    [SIMPLE, SIMPLE, SIMPLE],
    `
    C1: a select inbox
    S1* a OK ...
    C1: b copy 1,3 Archive
    S1: b OK [COPYUID ... 1,3 1:2] COPY completed
    C1: c copy 1 Nowhere
    S1: c NO [TRYCREATE] ...
    C1: d uid move 2:3 Trash
    S1: * OK [COPYUID ... 2:3 1:2] Moved
    S1: * 3 EXPUNGE
    S1: * 2 EXPUNGE
    S1: d OK UID MOVE completed
    C1: e uid copy 99 Archive
    S1: e OK UID COPY completed
    C1: f copy 1 inbox
    S1: * 2 EXISTS
    S1: f OK [COPYUID ... 1 4] COPY completed
  `,
  ));

test('APPEND with flags and date', () =>
  run(
    'append',
    [],
    `
    C1: a select Drafts
    S1* a OK ...
    C1: b append Drafts (\\Draft $MDNSent) " 5-Feb-2020 10:00:00 +0200" {13}
    S1: + ...
    C1: a: b
    C1:
    C1: hello
    S1: * 1 EXISTS
    S1: b OK [APPENDUID ... 1] APPEND completed
    C1: c fetch 1 (flags internaldate)
    S1: * 1 FETCH (FLAGS (\\Draft $MDNSent) INTERNALDATE " 5-Feb-2020 08:00:00 +0000")
    S1: c OK ...
    C1: d append {7}
    S1: + OK
    C1: Archive {13+}
    C1: a: b
    C1:
    C1: hello
    S1: d OK [APPENDUID ... 1] APPEND completed
    C1: e append Nowhere {13}
    S1: e NO [TRYCREATE] ...
    C1: f append Nowhere {13+}
    C1: a: b
    C1:
    C1: hello
    S1: f NO [TRYCREATE] ...
    C1: g append Archive {13+}
    C1: a: b
    C1:
    C1: hello {3+}
    C1: x
    S1: g BAD ...
    S1: * BAD ...
    C1: h append Archive "not a literal"
    S1: h BAD ...
    C1: i append Archive {99999999}
    S1: i NO [TOOBIG] ...
    C1: j append Archive ~{3}
    S1: j BAD ...
    C1: k status Archive (messages)
    S1: * STATUS Archive (MESSAGES 1)
    S1: k OK ...
  `,
  ));

test('a delivered message is its prefix and its bytes as one', async () => {
  const address = 'prefix@one.example';
  const accountId = await server.addAccount(address);
  await deliver(server.intake, [{ kind: 'local', accountId, domainId: server.domainId, address }], MULTIPART);
  const prefix = `Return-Path: <sender@remote.example>\r\nDelivered-To: ${address}\r\n${EMPTY_ENVELOPE.received}`;
  const headSize = prefix.length + MULTIPART.indexOf('\r\n\r\n') + 4;
  await play(
    { port: server.port, address },
    `
    C1: a select inbox
    S1* a OK ...
    C1: b fetch 1 (rfc822.size body.peek[header.fields (return-path subject)] body.peek[1] body.peek[2.1])
    S1: * 1 FETCH (RFC822.SIZE ${prefix.length + MULTIPART.length} BODY[HEADER.FIELDS (return-path subject)] {56}
    S1: Return-Path: <sender@remote.example>
    S1: Subject: parts
    S1:
    S1:  BODY[1] {10}
    S1: first part BODY[2.1] {10}
    S1: inner body)
    S1: b OK ...
    C1: c fetch 1 body.peek[header]
    S1: * 1 FETCH (BODY[HEADER] {${headSize}}
    S1: Return-Path: <sender@remote.example>
    S1: Delivered-To: ${address}
    S1* )
    S1: c OK ...
    C1: d fetch 1 body.peek[text]<0.3>
    S1: * 1 FETCH (BODY[TEXT]<0> {3}
    S1: --b)
    S1: d OK ...
    C1: e search header return-path sender
    S1: * SEARCH 1
    S1: e OK ...
  `,
  );
});

test('APPEND of UTF-8 headers once UTF8=ACCEPT is enabled', () =>
  run(
    'eai',
    [],
    `
    C1: a append Drafts UTF8 (~{20+}
    C1: Subject: gr\u00c3\u00bcn
    C1:
    C1: hi
    C1: )
    S1: a BAD ...
    S1* * BAD ...
    C1: b enable utf8=accept
    S1* b OK ...
    C1: c append Drafts UTF8 (~{20+}
    C1: Subject: gr\u00c3\u00bcn
    C1:
    C1: hi)
    S1: c OK [APPENDUID ... 1] APPEND completed
    C1: d append Drafts ~{3+}
    C1: abc
    S1: d BAD ...
    C1: e select Drafts
    S1* e OK ...
    C1: f search subject "gr\u00c3\u00bcn"
    S1: * SEARCH 1
    S1: f OK ...
    C1: g search charset utf-8 subject x
    S1: g BAD ...
  `,
  ));

test('SEARCH by flags, sizes, dates, text and sets', async () => {
  const address = 'search@one.example';
  const accountId = await server.addAccount(address);
  await append(server.store, accountId, 'INBOX', SIMPLE, Flag.seen);
  await append(server.store, accountId, 'INBOX', MULTIPART, Flag.flagged, ['Work']);
  await append(server.store, accountId, 'INBOX', `${SIMPLE}${'more\r\n'.repeat(1000)}`);
  const cases: readonly (readonly [string, string])[] = [
    ['all', ' 1 2 3'],
    ['seen', ' 1'],
    ['unseen', ' 2 3'],
    ['flagged', ' 2'],
    ['keyword work', ' 2'],
    ['unkeyword WORK', ' 1 3'],
    ['new', ''],
    ['old', ' 1 2 3'],
    ['or seen flagged', ' 1 2'],
    ['not (or seen flagged)', ' 3'],
    ['2:*', ' 2 3'],
    ['uid 3', ' 3'],
    ['uid 50:*', ' 3'],
    ['larger 1000', ' 3'],
    ['smaller 1000', ' 1 2'],
    ['sentbefore 2-Mar-2026', ''],
    ['senton 2-Mar-2026', ' 1 3'],
    ['sentsince 3-Mar-2026', ''],
    ['since 1-Jan-2020', ' 1 2 3'],
    ['before 1-Jan-2020', ''],
    ['younger 3600', ' 1 2 3'],
    ['older 3600', ''],
    ['savedsince 1-Jan-2020', ' 1 2 3'],
    ['from bob', ' 1 3'],
    ['subject "gr\u00c3\u00bc\u00c3\u009fe"', ' 1 3'],
    ['charset utf-8 subject {7+}\r\ngr\u00c3\u00bc\u00c3\u009fe', ' 1 3'],
    ['header message-id far.example', ' 1 3'],
    ['header message-id ""', ' 1 3'],
    ['body "first part"', ' 2'],
    ['text carol', ' 2'],
    ['body carol', ''],
    ['body hello seen', ' 1'],
    ['not body hello', ' 2'],
  ];
  const steps = cases.map(([keys, found], index) => {
    const sent = keys.replace('\r\n', `\n    C1: `);
    return `
    C1: s${index} search ${sent}
    S1: * SEARCH${found}
    S1: s${index} OK SEARCH completed`;
  });
  await play(
    { port: server.port, address },
    `
    C1: a select inbox
    S1* a OK ...${steps.join('')}
    C1: b uid search return (min max count all) unseen
    S1: * ESEARCH (TAG "b") UID MIN 2 MAX 3 ALL 2:3 COUNT 2
    S1: b OK UID SEARCH completed
    C1: c search return () deleted
    S1: * ESEARCH (TAG "c")
    S1: c OK ...
    C1: d search return (save) unseen
    S1: d OK ...
    C1: e fetch $ uid
    S1: * 2 FETCH (UID 2)
    S1: * 3 FETCH (UID 3)
    S1: e OK ...
    C1: f uid search $ flagged
    S1: * SEARCH 2
    S1: f OK ...
    C1: g search charset koi8-r text x
    S1: g NO [BADCHARSET (US-ASCII UTF-8)] ...
    C1: h search nonsense
    S1: h BAD ...
    C1: i search since 31-Feb-2024
    S1: i BAD ...
    C1: i1 search or unseen not subject ${'x'.repeat(1001)}
    S1: i1 NO [LIMIT] ...
    C1: i2 search text ${'x'.repeat(1000)}
    S1: * SEARCH
    S1: i2 OK ...
    C1: j fetch 1 (emailid threadid)
    S1: * 1 FETCH (EMAILID (<email>) THREADID (<thread>))
    S1: j OK ...
    C1: k search emailid <email>
    S1: * SEARCH 1
    S1: k OK ...
    C1: l search threadid <thread>
    S1: * SEARCH 1 3
    S1: l OK ...
  `,
  );
});

test('a message of megabytes comes back byte for byte, whole and in pieces', async () => {
  const address = 'large@one.example';
  const accountId = await server.addAccount(address);
  const lines = Array.from({ length: 60_000 }, (_, index) => `line ${index} ${'x'.repeat(40)}`);
  const message = `Subject: large\r\n\r\n${lines.join('\r\n')}\r\n`;
  await append(server.store, accountId, 'INBOX', message);
  const client = await LineClient.connect(server.port);
  client.send(`a login ${address} "${PASSWORD}"\r\nb select inbox\r\n`);
  client.send('c fetch 1 body.peek[]\r\nd fetch 1 body.peek[text]<1000000.20>\r\ne logout\r\n');
  const received = await client.rest();
  expect(received).toContain(`* 1 FETCH (BODY[] {${message.length}}\r\n${message})\r\nc OK FETCH completed\r\n`);
  const piece = message.slice('Subject: large\r\n\r\n'.length + 1_000_000).slice(0, 20);
  expect(received).toContain(`* 1 FETCH (BODY[TEXT]<1000000> {20}\r\n${piece})\r\nd OK`);
  expect(message.length).toBeGreaterThan(2 * 1024 * 1024);
});
