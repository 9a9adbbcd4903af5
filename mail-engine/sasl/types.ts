/**
 * One SASL (RFC 4422) for SMTP, IMAP and POP3. A mechanism turns challenges and responses into the authenticator's verdict; the
 * protocol frames them: it encodes the challenge, reads the answer, and says `*` or a broken line as a `SaslError`.
 */
import type { Connection } from '#engine/net/types.ts';
import type { AuthenticationResult, Authenticator, SignInAttempt } from '#server/directory/types.ts';

/** What an admin may change while sessions are open: asked for at every use. */
export interface SignInSettings {
  /** Peers on the loopback interface may sign in without TLS. */
  clearOnLoopback: boolean;
  cramMd5: boolean;
}

export interface SaslContext {
  service: SignInAttempt['service'];
  connection: Connection;
  hostname: string;
  authenticator: Authenticator;
  settings: SignInSettings;
}

export interface SaslExchange extends SaslContext {
  /** The initial response, null where the client sent none. */
  initial: Buffer | null;
  /** Sends a challenge, resolves with the client's answer. Throws `SaslError` when there is none that can be used. */
  ask: (challenge: Buffer) => Promise<Buffer>;
}

export interface Mechanism {
  name: string;
  isOffered: (context: SaslContext) => boolean;
  authenticate: (exchange: SaslExchange) => Promise<AuthenticationResult>;
}

/** `cancelled`: the client gave up (`*`). `malformed`: what it said does not follow the mechanism's grammar. */
export class SaslError extends Error {
  readonly code: 'cancelled' | 'malformed';
  constructor(code: 'cancelled' | 'malformed', message: string) {
    super(message);
    this.name = 'SaslError';
    this.code = code;
  }
}

export const WRONG: AuthenticationResult = { ok: false, reason: 'wrong' };
