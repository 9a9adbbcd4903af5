import type { Maildrop } from './maildrop.ts';
import { refuse } from './reply.ts';
import type { Pop3Session } from './types.ts';

/** The loop lets commands of the TRANSACTION state run only with a maildrop. */
export function requireMaildrop({ maildrop }: Pop3Session): Maildrop {
  if (maildrop === null) throw refuse('Sign in first');
  return maildrop;
}

export function requireMessage(session: Pop3Session, number: number) {
  const found = requireMaildrop(session).find(number);
  if (found === undefined) throw refuse('No such message');
  return found;
}
