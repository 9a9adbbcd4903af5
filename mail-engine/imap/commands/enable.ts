import type { Cursor } from '#engine/wire/imap/cursor.ts';
import { AUTHENTICATED, completed, defineCommand } from '../command.ts';
import type { Extension, ImapSession } from '../session.ts';

const EXTENSIONS: readonly Extension[] = ['CONDSTORE', 'QRESYNC', 'UTF8=ACCEPT'];

function enableArguments(cursor: Cursor): string[] {
  const names: string[] = [];
  do {
    cursor.SP();
    names.push(cursor.atom().toUpperCase());
  } while (!cursor.peekIs('\r'));
  return names;
}

function enable(session: ImapSession, name: Extension): void {
  session.enabled.add(name);
  // RFC 7162 §3.2.3: QRESYNC brings CONDSTORE with it.
  if (name === 'QRESYNC') session.enabled.add('CONDSTORE');
}

/** RFC 5161 §3.1: names that are not ours are passed over in silence. */
export const enableCommand = defineCommand({
  name: 'ENABLE',
  states: AUTHENTICATED,
  parse: enableArguments,
  run: async (session, names) => {
    const wanted = EXTENSIONS.filter((name) => names.includes(name) && !session.enabled.has(name));
    for (const name of wanted) enable(session, name);
    await session.untagged(['ENABLED', ...wanted].join(' '));
    return completed('ENABLE');
  },
});
