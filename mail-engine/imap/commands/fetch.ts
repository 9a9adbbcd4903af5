/** FETCH (RFC 3501 §6.4.5), UID FETCH (§6.4.8), CHANGEDSINCE and VANISHED (RFC 7162 §3.1.4, §3.2.6). */
import type { Cursor } from '#engine/wire/imap/cursor.ts';
import { type FetchAtt, fetchAtts } from '#engine/wire/imap/fetch-att.ts';
import { type Command, type Completion, completed, defineCommand, SELECTED } from '../command.ts';
import { fetchMessages } from '../fetch/fetch-messages.ts';
import { planFetch } from '../fetch/plan.ts';
import { type MessageSet, messageSet, resolveMessageSet } from '../message-set.ts';
import { sendVanishedEarlier } from '../resynchronize.ts';
import type { ImapSession } from '../session.ts';

interface FetchArguments {
  set: MessageSet;
  atts: readonly FetchAtt[];
  changedSince: number | undefined;
  vanished: boolean;
}

/** ` (CHANGEDSINCE n [VANISHED])` */
function fetchModifiers(cursor: Cursor): Pick<FetchArguments, 'changedSince' | 'vanished'> {
  const modifiers: { changedSince: number | undefined; vanished: boolean } = {
    changedSince: undefined,
    vanished: false,
  };
  if (!cursor.takeSP()) return modifiers;
  cursor.parenthesized(() => {
    const name = cursor.atom().toUpperCase();
    if (name === 'VANISHED') modifiers.vanished = true;
    else if (name === 'CHANGEDSINCE') {
      cursor.SP();
      modifiers.changedSince = cursor.number64();
    } else cursor.fail('There is no such FETCH modifier');
  });
  return modifiers;
}

function fetchArguments(cursor: Cursor, session: ImapSession, byUid: boolean): FetchArguments {
  cursor.SP();
  const set = messageSet(cursor);
  cursor.SP();
  const args = { set, atts: fetchAtts(cursor), ...fetchModifiers(cursor) };
  const mayVanish = byUid && session.enabled.has('QRESYNC') && args.changedSince !== undefined;
  if (args.vanished && !mayVanish) cursor.fail('VANISHED needs UID FETCH, CHANGEDSINCE and QRESYNC enabled');
  return args;
}

/** Messages that another session removed are no error by UID; by number the client is told that it will hear of them. */
function completeFetch(name: string, missing: number, byUid: boolean): Completion {
  if (missing === 0 || byUid) return completed(name);
  return { status: 'NO', code: 'EXPUNGEISSUED', text: 'Some of the messages are gone' };
}

async function runFetch(session: ImapSession, name: string, args: FetchArguments, byUid: boolean): Promise<Completion> {
  const selected = session.requireSelected();
  const { changedSince } = args;
  const asksModseq = changedSince !== undefined || args.atts.some((item) => item.att === 'MODSEQ');
  if (asksModseq) session.enabled.add('CONDSTORE');
  let uids = resolveMessageSet(selected, args.set, byUid);
  if (args.vanished && changedSince !== undefined) {
    await sendVanishedEarlier(session, selected, changedSince, args.set === 'saved' ? null : args.set);
  }
  if (changedSince !== undefined) {
    uids = uids.filter((uid) => (selected.findEntry(uid)?.modseq ?? 0) > changedSince);
  }
  const withModseq = changedSince !== undefined;
  const plan = planFetch(args.atts, { byUid, withModseq, readOnly: selected.readOnly });
  return completeFetch(name, await fetchMessages(session, selected, uids, plan), byUid);
}

function defineFetch(name: string, byUid: boolean): Command {
  return defineCommand({
    name,
    states: SELECTED,
    holdsExpunge: !byUid,
    parse: (cursor, session) => fetchArguments(cursor, session, byUid),
    run: (session, args) => runFetch(session, name, args, byUid),
  });
}

export const fetchCommands = [defineFetch('FETCH', false), defineFetch('UID FETCH', true)];
