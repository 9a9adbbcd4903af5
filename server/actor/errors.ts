/** What an operation may answer instead of a result. `code` is stable; `message` is plain words for the person who asked. */
export type OperationErrorCode =
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'invalid'
  | 'conflict'
  | 'limit-reached'
  | 'too-many-attempts'
  | 'unavailable';

export class OperationError extends Error {
  readonly code: OperationErrorCode;
  /** Field name → what is wrong with it, for forms. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(code: OperationErrorCode, message: string, fields: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'OperationError';
    this.code = code;
    this.fields = fields;
  }
}

/** Another tenant's object and a missing one get this same answer, so that ids cannot be probed. */
export function notFound(what: string): OperationError {
  return new OperationError('not-found', `There is no such ${what}, or it is not yours.`);
}
