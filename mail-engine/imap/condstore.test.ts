/** CONDSTORE and QRESYNC (RFC 7162). */
import { afterAll, beforeAll, inject, test } from 'vitest';
import { append } from '#engine/store/testing/open-test-store.ts';
import { type ImapServer, openImapServer } from './testing/open-imap-server.ts';
import { play } from './testing/transcript.ts';

let server: ImapServer;
beforeAll(async () => {
  server = await openImapServer(inject('clusterUrl'));
});
afterAll(() => server.close());

async function run(name: string, messages: number, transcript: string): Promise<void> {
  const address = `${name}@one.example`;
  const accountId = await server.addAccount(address);
  for (let made = 0; made < messages; made += 1)
    await append(server.store, accountId, 'INBOX', 'Subject: x\r\n\r\nx\r\n');
  await play({ port: server.port, address }, transcript);
}

test('MODSEQ comes with flags once the client knows of it', () =>
  run(
    'aware',
    3,
    `
    C1: a select inbox
    S1* a OK ...
    C1: b store 1 +flags (\\Seen)
    S1: * 1 FETCH (UID 1 FLAGS (\\Seen))
    S1: b OK ...
    C1: c fetch 1 modseq
    S1: * 1 FETCH (MODSEQ (<one>))
    S1: c OK ...
    C1: d store 2 +flags (\\Seen)
    S1: * 2 FETCH (UID 2 FLAGS (\\Seen) MODSEQ (<two>))
    S1: d OK ...
    C1: e fetch 1:* (flags) (changedsince <one>)
    S1: * 2 FETCH (FLAGS (\\Seen) MODSEQ (<two>))
    S1: e OK ...
    C1: f store 3 +flags.silent (\\Seen)
    S1: * 3 FETCH (UID 3 MODSEQ (<three>))
    S1: f OK ...
    C1: g search modseq <two>
    S1: * SEARCH 2 3 (MODSEQ <three>)
    S1: g OK ...
    C1: h search return (count) modseq "/flags/\\\\Seen" all <three>
    S1: * ESEARCH (TAG "h") COUNT 1 MODSEQ <three>
    S1: h OK ...
    C1: i search modseq 99999
    S1: * SEARCH
    S1: i OK ...
  `,
  ));

test('ESEARCH tells the modseq of what it returns (RFC 4731 §3.2)', () =>
  run(
    'ends',
    3,
    `
    C1: a select inbox (condstore)
    S1* a OK ...
    C1: b store 1 +flags.silent (\\Seen)
    S1: * 1 FETCH (UID 1 MODSEQ (<first>))
    S1: b OK ...
    C1: c store 3 +flags.silent (\\Seen)
    S1: * 3 FETCH (UID 3 MODSEQ (<last>))
    S1: c OK ...
    C1: d store 2 +flags.silent (\\Seen)
    S1: * 2 FETCH (UID 2 MODSEQ (<middle>))
    S1: d OK ...
    C1: e search return (min) modseq 1
    S1: * ESEARCH (TAG "e") MIN 1 MODSEQ <first>
    S1: e OK ...
    C1: f search return (max) modseq 1
    S1: * ESEARCH (TAG "f") MAX 3 MODSEQ <last>
    S1: f OK ...
    C1: g search return (min max) modseq 1
    S1: * ESEARCH (TAG "g") MIN 1 MAX 3 MODSEQ <last>
    S1: g OK ...
    C1: h search return (min count) modseq 1
    S1: * ESEARCH (TAG "h") MIN 1 COUNT 3 MODSEQ <middle>
    S1: h OK ...
  `,
  ));

test('STORE UNCHANGEDSINCE leaves alone what changed', () =>
  run(
    'unchanged',
    3,
    `
    C1: a select inbox (condstore)
    S1* * OK [HIGHESTMODSEQ <before>] ...
    S1* a OK ...
    C1: b store 2 +flags (\\Flagged)
    S1: * 2 FETCH (UID 2 FLAGS (\\Flagged) MODSEQ (<changed>))
    S1: b OK ...
    C1: c store 1:3 (unchangedsince <before>) +flags (\\Seen)
    S1: * 1 FETCH (UID 1 FLAGS (\\Seen) MODSEQ (<after>))
    S1: * 3 FETCH (UID 3 FLAGS (\\Seen) MODSEQ (<after>))
    S1: c OK [MODIFIED 2] STORE completed
    C1: d uid store 2 (unchangedsince <changed>) +flags.silent (\\Seen)
    S1: * 2 FETCH (UID 2 MODSEQ (...))
    S1: d OK UID STORE completed
  `,
  ));

test('QRESYNC: what happened while the client was away', () =>
  run(
    'resync',
    5,
    `
    C1: a select inbox
    S1* * OK [UIDVALIDITY <validity>] ...
    S1* * OK [HIGHESTMODSEQ <before>] ...
    S1* a OK ...
    C2: a select inbox
    S2* a OK ...
    C2: b store 2,3 +flags.silent (\\Deleted)
    S2: b OK ...
    C2: c expunge
    S2: * 3 EXPUNGE
    S2: * 2 EXPUNGE
    S2: c OK ...
    C2: d uid store 5 +flags.silent (\\Flagged)
    S2: d OK ...
    C3: a select inbox (qresync (<validity> <before>))
    S3: a BAD ...
    C3: b enable qresync
    S3: * ENABLED QRESYNC
    S3: b OK ...
    C3: c select inbox (qresync (<validity> <before> 1:5))
    S3* * OK [MAILBOXID ...
    S3: * VANISHED (EARLIER) 2:3
    S3: * 3 FETCH (UID 5 FLAGS (\\Flagged) MODSEQ (...))
    S3: c OK [READ-WRITE] SELECT completed
    C3: d uid fetch 1:* (flags) (changedsince <before> vanished)
    S3: * VANISHED (EARLIER) 2:3
    S3: * 3 FETCH (FLAGS (\\Flagged) UID 5 MODSEQ (...))
    S3: d OK ...
    C3: e fetch 1:* (flags) (changedsince <before> vanished)
    S3: e BAD ...
    C3: f uid store 1,4 +flags.silent (\\Deleted)
    S3: * 1 FETCH ...
    S3: * 2 FETCH ...
    S3: f OK ...
    C3: g expunge
    S3: * VANISHED 1,4
    S3: g OK [HIGHESTMODSEQ ...] EXPUNGE completed
    C3: h select inbox (qresync (1 1))
    S3* * OK [MAILBOXID ...
    S3: h OK ...
  `,
  ));
