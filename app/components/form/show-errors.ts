import type { FieldValues, Path, UseFormSetError } from 'react-hook-form';
import type { ActionResult } from '@/actions/result.ts';

export type Refusal = Extract<ActionResult<unknown>, { ok: false }>;

/** A refusal in one sentence, with the id of an unforeseen error. */
export function refusalText({ message, errorId }: Refusal): string {
  return errorId === undefined ? message : `${message} (error ${errorId})`;
}

/** Puts a refusal where it belongs: beside the fields of this form that it names, else above the buttons. */
export function showErrors<Values extends FieldValues>(
  refusal: Refusal,
  setError: UseFormSetError<Values>,
  fields: readonly Path<Values>[],
): void {
  const named = fields.filter((field) => refusal.fields[field] !== undefined);
  for (const [index, field] of named.entries()) {
    setError(field, { message: refusal.fields[field] ?? refusal.message }, { shouldFocus: index === 0 });
  }
  if (named.length === 0) setError('root', { message: refusalText(refusal) });
}
