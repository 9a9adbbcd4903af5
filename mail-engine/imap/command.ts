/**
 * A command as data. The loop enforces its flags once and always does the same: parse everything, expect CRLF, act, send
 * pending updates where they are legal, answer once.
 */
import type { Cursor } from '#engine/wire/imap/cursor.ts';
import type { ImapSession } from './session.ts';

export type SessionState = 'not-authenticated' | 'authenticated' | 'selected';

export const ANY_STATE: readonly SessionState[] = ['not-authenticated', 'authenticated', 'selected'];
export const NOT_AUTHENTICATED: readonly SessionState[] = ['not-authenticated'];
export const AUTHENTICATED: readonly SessionState[] = ['authenticated', 'selected'];
export const SELECTED: readonly SessionState[] = ['selected'];

/** The tagged response. */
export interface Completion {
  status: 'OK' | 'NO' | 'BAD';
  /** Response code without its brackets. */
  code?: string;
  text: string;
}

/** `answered`: the command sent its tagged response itself, as nothing may come between it and what it does. */
export type Outcome = Completion | 'answered';

interface CommandFlags {
  /** Upper-case, `UID FETCH` for the UID form. */
  name: string;
  states: readonly SessionState[];
  /** Carries a password or token: refused in clear. */
  needsTls?: boolean;
  /** No EXPUNGE may be sent while this is under way: its sequence numbers must hold (RFC 3501 §7.4.1). */
  holdsExpunge?: boolean;
  /** The bytes end with an announced literal that `run` reads itself; `parse` takes them all. */
  streamsLiteral?: boolean;
}

interface CommandDefinition<Arguments> extends CommandFlags {
  /** Takes everything after the name, up to but without CRLF. */
  parse: (cursor: Cursor, session: ImapSession) => Arguments;
  run: (session: ImapSession, args: Arguments) => Promise<Outcome>;
}

export interface Command extends CommandFlags {
  /** Parses all of the command; the result runs it. */
  prepare: (cursor: Cursor, session: ImapSession) => () => Promise<Outcome>;
}

export function defineCommand<Arguments>(definition: CommandDefinition<Arguments>): Command {
  const { parse, run, ...flags } = definition;
  return {
    ...flags,
    prepare: (cursor, session) => {
      const args = parse(cursor, session);
      if (!flags.streamsLiteral) cursor.CRLF();
      return () => run(session, args);
    },
  };
}

export function completed(name: string, code?: string): Completion {
  return { status: 'OK', ...(code && { code }), text: `${name} completed` };
}

/** `parse` of a command without arguments. */
export function noArguments(): undefined {
  return undefined;
}
