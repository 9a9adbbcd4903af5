/** Names a client may give to a folder; the store's own rules come after these. */
import { ImapError } from './errors.ts';

/** Wildcards could not be listed by name, and `#` starts a namespace (RFC 9051 §5.1). */
export function requireNewName(name: string): string {
  if (name === '' || /[%*]/.test(name) || name.startsWith('#')) {
    throw new ImapError('NO', 'CANNOT', 'This name cannot be given to a mailbox');
  }
  return name;
}
