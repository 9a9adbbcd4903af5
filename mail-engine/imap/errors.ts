/**
 * What a command may answer instead of OK, and the one funnel that turns any error into a tagged response. What the client
 * sees never holds a cause; what the operator sees is logged with the connection's id.
 */
import { StoreError, type StoreErrorCode } from '#engine/store/types.ts';
import { ImapSyntaxError } from '#engine/wire/imap/syntax-error.ts';
import type { Completion } from './command.ts';

/** A refusal with its response code (RFC 5530) and plain words for the client. */
export class ImapError extends Error {
  readonly status: 'NO' | 'BAD';
  readonly code: string | undefined;

  constructor(status: 'NO' | 'BAD', code: string | undefined, message: string) {
    super(message);
    this.name = 'ImapError';
    this.status = status;
    this.code = code;
  }
}

/** The session cannot go on: BYE with these words, then the connection is closed. */
export class ImapGoodbye extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ImapGoodbye';
  }
}

const STORE_CODES: Readonly<Record<StoreErrorCode, string>> = {
  nonexistent: 'NONEXISTENT',
  'already-exists': 'ALREADYEXISTS',
  cannot: 'CANNOT',
  'over-quota': 'OVERQUOTA',
  'too-big': 'TOOBIG',
  limit: 'LIMIT',
  unavailable: 'UNAVAILABLE',
};

/** undefined: nobody expected this error, it is a fault of ours. */
export function completionOf(error: unknown): Completion | undefined {
  if (error instanceof ImapSyntaxError) return { status: 'BAD', text: error.message };
  if (error instanceof StoreError) return { status: 'NO', code: STORE_CODES[error.code], text: error.message };
  if (!(error instanceof ImapError)) return undefined;
  return { status: error.status, ...(error.code && { code: error.code }), text: error.message };
}
