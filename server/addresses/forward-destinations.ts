import { OperationError } from '../actor/errors.ts';

/** Throws `invalid` on `destinations` for a forward that would lead to itself. Longer circles end when mail meets them. */
export function requireOthers(address: string, destinations: readonly string[]): void {
  if (!destinations.includes(address)) return;
  const message = 'A forward cannot lead to itself: choose mailboxes to keep a copy in instead.';
  throw new OperationError('invalid', message, { destinations: message });
}
