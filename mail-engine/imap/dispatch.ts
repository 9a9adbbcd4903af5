/** From a command's bytes to its entry in the table, with the table's flags enforced. */
import { Cursor } from '#engine/wire/imap/cursor.ts';
import { ImapSyntaxError } from '#engine/wire/imap/syntax-error.ts';
import type { Command, Outcome } from './command.ts';
import { COMMANDS } from './commands/table.ts';
import { ImapError } from './errors.ts';
import type { ImapSession } from './session.ts';

/** The tag at the start of a line, `*` where there is none that can be answered. */
export function findTag(line: Buffer): string {
  try {
    const cursor = new Cursor(line);
    const tag = cursor.tag();
    cursor.SP();
    return tag;
  } catch (error) {
    if (error instanceof ImapSyntaxError) return '*';
    throw error;
  }
}

/** Takes the name: one atom, or `UID` and one more. */
function commandName(cursor: Cursor): string {
  const name = cursor.atom().toUpperCase();
  if (name !== 'UID') return name;
  cursor.SP();
  return `UID ${cursor.atom().toUpperCase()}`;
}

function requireCommand(cursor: Cursor, session: ImapSession): Command {
  const name = commandName(cursor);
  const command = COMMANDS.get(name);
  if (!command) throw new ImapError('BAD', undefined, 'Unknown command');
  if (!command.states.includes(session.state)) {
    throw new ImapError('BAD', undefined, `${name} cannot be used in the ${session.state} state`);
  }
  if (command.needsTls && !session.mayAuthenticate) {
    throw new ImapError('NO', 'PRIVACYREQUIRED', 'Use TLS before signing in');
  }
  return command;
}

export interface Prepared {
  command: Command;
  run: () => Promise<Outcome>;
}

/** Throws what the client is to be told. */
export function prepareCommand(bytes: Buffer, session: ImapSession): Prepared {
  const cursor = new Cursor(bytes);
  cursor.tag();
  cursor.SP();
  const command = requireCommand(cursor, session);
  return { command, run: command.prepare(cursor, session) };
}

/**
 * True where the bytes, which end with an announced literal, are those of a command that streams it. A command that is not
 * complete up to that literal, or not allowed now, is not one: it is read and refused like any other.
 */
export function streamsLiteral(bytes: Buffer, session: ImapSession): boolean {
  try {
    return prepareCommand(bytes, session).command.streamsLiteral === true;
  } catch (error) {
    if (error instanceof ImapSyntaxError || error instanceof ImapError) return false;
    throw error;
  }
}
