import { afterAll, beforeAll, inject, test } from 'vitest';
import { type ImapServer, openImapServer } from './testing/open-imap-server.ts';
import { play } from './testing/transcript.ts';

let server: ImapServer;
beforeAll(async () => {
  server = await openImapServer(inject('clusterUrl'));
});
afterAll(() => server.close());

/** Each test has an account of its own. */
async function run(name: string, transcript: string): Promise<void> {
  const address = `${name}@one.example`;
  await server.addAccount(address);
  await play({ port: server.port, address }, transcript);
}

test('LIST shows the default folders with their uses', () =>
  run(
    'list',
    `
    C1: a list "" ""
    S1: * LIST (\\Noselect) "/" ""
    S1: a OK LIST completed
    C1: b list "" *
    S1: * LIST (\\HasNoChildren) "/" INBOX
    S1: * LIST (\\HasNoChildren \\Archive) "/" Archive
    S1: * LIST (\\HasNoChildren \\Drafts) "/" Drafts
    S1: * LIST (\\HasNoChildren \\Junk) "/" Junk
    S1: * LIST (\\HasNoChildren \\Sent) "/" Sent
    S1: * LIST (\\HasNoChildren \\Trash) "/" Trash
    S1: b OK LIST completed
    C1: c list "" inbox
    S1: * LIST (\\HasNoChildren) "/" INBOX
    S1: c OK LIST completed
  `,
  ));

test('CREATE makes superiors; DELETE leaves inferiors under a level that cannot be selected', () =>
  run(
    'tree',
    `
    C1: a create a/b/c/
    S1: a OK [MAILBOXID (F...)] CREATE completed
    C1: b create a/b
    S1: b NO [ALREADYEXISTS] ...
    C1: c list "" a%
    S1: * LIST (\\HasChildren) "/" a
    S1: c OK LIST completed
    C1: d list a/ %
    S1: * LIST (\\HasChildren) "/" a/b
    S1: d OK LIST completed
    C1: e delete a/b
    S1: e OK DELETE completed
    C1: f list "" a*
    S1: * LIST (\\HasChildren) "/" a
    S1: * LIST (\\NonExistent \\Noselect \\HasChildren) "/" a/b
    S1: * LIST (\\HasNoChildren) "/" a/b/c
    S1: f OK LIST completed
    C1: g select a/b
    S1: g NO [NONEXISTENT] ...
    C1: h rename a x
    S1: h OK RENAME completed
    C1: i list "" x/*
    S1: * LIST (\\NonExistent \\Noselect \\HasChildren) "/" x/b
    S1: * LIST (\\HasNoChildren) "/" x/b/c
    S1: i OK LIST completed
    C1: j delete inbox
    S1: j NO [CANNOT] ...
    C1: k rename nothing else
    S1: k NO [NONEXISTENT] ...
    C1: l rename x INBOX
    S1: l NO [ALREADYEXISTS] ...
  `,
  ));

test('names outside ASCII are modified UTF-7 until UTF8=ACCEPT is enabled', () =>
  run(
    'utf7',
    `
    C1: a create Entw&APw-rfe
    S1: a OK ...
    C1: b create "Tom &- Jerry"
    S1: b OK ...
    C1: c create Tom&Jerry
    S1: c BAD Mailbox name is not valid modified UTF-7
    C1: d list "" Entw*
    S1: * LIST (\\HasNoChildren) "/" Entw&APw-rfe
    S1: d OK ...
    C1: e list "" Tom*
    S1: * LIST (\\HasNoChildren) "/" "Tom &- Jerry"
    S1: e OK ...
    C1: f enable utf8=accept
    S1: * ENABLED UTF8=ACCEPT
    S1: f OK ...
    C1: g list "" Tom*
    S1: * LIST (\\HasNoChildren) "/" "Tom & Jerry"
    S1: g OK ...
    C1: h status "Entw\u00c3\u00bcrfe" (messages)
    S1: * STATUS "Entw\u00c3\u00bcrfe" (MESSAGES 0)
    S1: h OK ...
  `,
  ));

test('names that cannot be given', () =>
  run(
    'names',
    `
    C1: a create ""
    S1: a NO [CANNOT] ...
    C1: b create a//b
    S1: b NO [CANNOT] ...
    C1: c create "a%b"
    S1: c NO [CANNOT] ...
    C1: d create "#news"
    S1: d NO [CANNOT] ...
    C1: e create INBOX
    S1: e NO [ALREADYEXISTS] ...
    C1: f create "&AAo-"
    S1: f NO [CANNOT] ...
  `,
  ));

test('special use on CREATE', () =>
  run(
    'use',
    `
    C1: a create More (USE (\\Sent))
    S1: a NO [USEATTR] ...
    C1: b create More (USE (\\Flagged))
    S1: b NO [USEATTR] ...
    C1: c delete Sent
    S1: c OK ...
    C1: d create Gone (USE (\\Sent))
    S1: d OK ...
    C1: e list (special-use) "" *
    S1: * LIST (\\HasNoChildren \\Archive) "/" Archive
    S1: * LIST (\\HasNoChildren \\Drafts) "/" Drafts
    S1: * LIST (\\HasNoChildren \\Sent) "/" Gone
    S1: * LIST (\\HasNoChildren \\Junk) "/" Junk
    S1: * LIST (\\HasNoChildren \\Trash) "/" Trash
    S1: e OK ...
  `,
  ));

test('subscriptions: SUBSCRIBE, LSUB, LIST (SUBSCRIBED) and RECURSIVEMATCH', () =>
  run(
    'subscribe',
    `
    C1: a create p/q
    S1: a OK ...
    C1: b unsubscribe p
    S1: b OK UNSUBSCRIBE completed
    C1: c subscribe nothing
    S1: c NO [NONEXISTENT] ...
    C1: d lsub "" p%
    S1: * LSUB (\\Noselect) "/" p
    S1: d OK ...
    C1: e lsub "" p*
    S1: * LSUB () "/" p/q
    S1: e OK ...
    C1: f list (subscribed) "" (p% INBOX)
    S1: * LIST (\\HasNoChildren \\Subscribed) "/" INBOX
    S1: f OK ...
    C1: g list (subscribed recursivematch) "" p%
    S1: * LIST (\\HasChildren) "/" p ("CHILDINFO" ("SUBSCRIBED"))
    S1: g OK ...
    C1: h subscribe p
    S1: h OK SUBSCRIBE completed
    C1: i list "" p return (subscribed children)
    S1: * LIST (\\HasChildren \\Subscribed) "/" p
    S1: i OK ...
    C1: j list (recursivematch) "" *
    S1: j BAD ...
  `,
  ));

test('STATUS and LIST-STATUS', () =>
  run(
    'status',
    `
    C1: a append Drafts (\\Draft) {13+}
    C1: a: b
    C1:
    C1: hello
    S1: a OK [APPENDUID <validity> 1] APPEND completed
    C1: b status Drafts (messages recent uidnext uidvalidity unseen size highestmodseq mailboxid appendlimit)
    S1: * STATUS Drafts (MESSAGES 1 RECENT 0 UIDNEXT 2 UIDVALIDITY <validity> UNSEEN 1 SIZE 13 HIGHESTMODSEQ ... MAILBOXID (F...) APPENDLIMIT 67108864)
    S1: b OK STATUS completed
    C1: c status Nowhere (messages)
    S1: c NO [NONEXISTENT] ...
    C1: d status Drafts ()
    S1: d BAD ...
    C1: e list "" (Drafts INBOX) return (status (messages unseen))
    S1: * LIST (\\HasNoChildren) "/" INBOX
    S1: * STATUS INBOX (MESSAGES 0 UNSEEN 0)
    S1: * LIST (\\HasNoChildren \\Drafts) "/" Drafts
    S1: * STATUS Drafts (MESSAGES 1 UNSEEN 1)
    S1: e OK LIST completed
  `,
  ));

test('renaming INBOX moves its messages', () =>
  run(
    'inbox',
    `
    C1: a append inbox {13+}
    C1: a: b
    C1:
    C1: hello
    S1: a OK ...
    C1: b rename inbox Old
    S1: b OK ...
    C1: c status inbox (messages)
    S1: * STATUS INBOX (MESSAGES 0)
    S1: c OK ...
    C1: d status Old (messages)
    S1: * STATUS Old (MESSAGES 1)
    S1: d OK ...
  `,
  ));

test('a folder that another session deletes ends the sessions that have it selected; its own leaves it', () =>
  run(
    'deleted',
    `
    C1: a create Temp
    S1: a OK ...
    C1: b select Temp
    S1* b OK ...
    C2: a select Temp
    S2* a OK ...
    C1: c delete Temp
    S1: * OK [CLOSED] ...
    S1: c OK DELETE completed
    C2: b noop
    S2: * BYE The selected mailbox was deleted
    S2: (closed)
    C1: d noop
    S1: d OK NOOP completed
  `,
  ));
