/** IMAP's and SMTP's ways of failing as the operation errors the browser is shown. */
import { OperationError } from '../../actor/errors.ts';

interface ClientError extends Error {
  code?: unknown;
  authenticationFailed?: boolean;
  serverResponseCode?: string;
  responseCode?: number;
  response?: unknown;
}

/** Response codes of RFC 5530 and RFC 9208 that say what the person can do about it. */
const BY_RESPONSE_CODE: Readonly<Record<string, OperationError>> = {
  NONEXISTENT: new OperationError('not-found', 'There is no such folder.'),
  TRYCREATE: new OperationError('not-found', 'There is no such folder.'),
  ALREADYEXISTS: new OperationError('conflict', 'A folder with this name exists already.'),
  OVERQUOTA: new OperationError('limit-reached', 'Your mailbox is full.'),
  LIMIT: new OperationError('limit-reached', 'The mail server allows no more of these.'),
  CANNOT: new OperationError('invalid', 'The mail server does not allow this name or this action.'),
  NOPERM: new OperationError('forbidden', 'The mail server does not allow this.'),
  INUSE: new OperationError('unavailable', 'The mail server is busy with this folder. Try again.'),
};

const UNREACHABLE = new OperationError('unavailable', 'The mail server cannot be reached just now.');

/** Answers an error that may be shown; what cannot be explained stays as it is for the log. */
export function toMailError(error: unknown): unknown {
  if (error instanceof OperationError || !(error instanceof Error)) return error;
  const failure: ClientError = error;
  // First, as a sign-in may also be refused for a limit.
  const known = BY_RESPONSE_CODE[failure.serverResponseCode ?? ''];
  if (known) return new OperationError(known.code, known.message);
  if (failure.authenticationFailed)
    return new OperationError('unauthenticated', 'Your session has ended. Sign in again.');
  if (
    typeof failure.code === 'string' &&
    /^(?:E[A-Z]+|NoConnection|CONNECT_TIMEOUT|GREETING_TIMEOUT|UPGRADE_TIMEOUT|LockTimeout)$/.test(failure.code)
  ) {
    return new OperationError(UNREACHABLE.code, UNREACHABLE.message, {});
  }
  return error;
}

/** For imapflow's calls that answer false where the server said NO. */
export function requireDone<T>(result: T | false | undefined, what: string): T {
  if (result === false || result === undefined)
    throw new OperationError('unavailable', `The mail server did not ${what}.`);
  return result;
}
