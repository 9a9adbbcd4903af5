/** What the POP3 service needs, and what a session knows. */
import type { Turn } from '#engine/net/turn.ts';
import type { Connection } from '#engine/net/types.ts';
import type { SignInSettings } from '#engine/sasl/types.ts';
import type { Store } from '#engine/store/types.ts';
import type { RelayGate } from '#server/access-rules/pop-before-smtp/open-relay.ts';
import type { AccountWatch } from '#server/auth/account-watch.ts';
import type { Authenticator } from '#server/directory/types.ts';
import type { Maildrop } from './maildrop.ts';

export interface Pop3Limits {
  /** Longest line: AUTH may carry a token (RFC 5034 §4). */
  lineBytes: number;
  /** Autologout (RFC 1939 §3: at least 10 minutes) once signed in, and before. */
  idleTimeoutMs: number;
  signInTimeoutMs: number;
  /** From the greeting to sign-in, whatever is said meanwhile. */
  signInTotalMs: number;
  errors: number;
  failedLogins: number;
}

export const POP3_LIMITS: Pop3Limits = {
  lineBytes: 12_288,
  idleTimeoutMs: 600_000,
  signInTimeoutMs: 60_000,
  signInTotalMs: 120_000,
  errors: 20,
  failedLogins: 3,
};

export interface Pop3Deps {
  hostname: string;
  store: Store;
  authenticator: Authenticator;
  accountWatch: AccountWatch;
  /** POP-before-SMTP, where there is an SMTP service beside this one. */
  relayGate?: RelayGate;
  signInSettings: () => SignInSettings;
  now: () => Date;
  /** Shared with whoever else answers from memory. */
  turn: Turn;
  limits?: Partial<Pop3Limits>;
}

export interface Pop3Session {
  readonly connection: Connection;
  readonly deps: Pop3Deps;
  readonly limits: Pop3Limits;
  /** In ms of the epoch. */
  readonly signInDeadline: number;
  /** USER's argument until PASS comes. */
  user: string | null;
  /** Set in the TRANSACTION state. */
  maildrop: Maildrop | null;
  /** Set with it: leaves the watch over the account. */
  leaveWatch: (() => void) | null;
  errors: number;
  failedLogins: number;
}

type Pop3State = 'authorization' | 'transaction';

/** `lines` make it a multi-line response: raw bytes, dot-stuffed and ended by the session. */
export interface Pop3Reply {
  ok: boolean;
  text: string;
  lines?: AsyncIterable<Buffer> | Iterable<string>;
  closes?: boolean;
  /** TLS begins after the response is sent. */
  startsTls?: boolean;
}

export interface Pop3Command {
  name: string;
  states: readonly Pop3State[];
  prepare: (argument: string) => (session: Pop3Session) => Promise<Pop3Reply>;
}

interface CommandDefinition<Arguments> {
  name: string;
  states: readonly Pop3State[];
  parse: (argument: string) => Arguments;
  run: (session: Pop3Session, parsed: Arguments) => Promise<Pop3Reply>;
}

export function defineCommand<Arguments>({ name, states, parse, run }: CommandDefinition<Arguments>): Pop3Command {
  return {
    name,
    states,
    prepare: (argument) => {
      const parsed = parse(argument);
      return (session) => run(session, parsed);
    },
  };
}
