/**
 * Folder names: UTF-8 in NFC, hierarchy separator `/`, INBOX in any case is `INBOX` (RFC 9051 §5.1). Refused are empty levels, control
 * characters, line and paragraph separators (RFC 5198), lone surrogates, and names that are too long or too deep to be shown.
 */
import { normalForm } from '#server/text/normal-form.ts';
import { StoreError } from '../types.ts';

const NAME_BYTES = 512;
const LEVELS = 20;
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is refused
const UNSHOWABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** `inbox` and `Inbox/x` as they are kept. */
export function canonicalName(name: string): string {
  const normal = normalForm(name);
  const [first = '', ...rest] = normal.split('/');
  return first.toUpperCase() === 'INBOX' ? ['INBOX', ...rest].join('/') : normal;
}

/** The canonical form of a name that may be given to a folder; throws `cannot`. */
export function requireFolderName(name: string): string {
  const canonical = canonicalName(name);
  const levels = canonical.split('/');
  const bad =
    UNSHOWABLE.test(canonical) ||
    !canonical.isWellFormed() ||
    levels.some((level) => level.trim() === '') ||
    levels.length > LEVELS ||
    Buffer.byteLength(canonical) > NAME_BYTES;
  if (bad) throw new StoreError('cannot', 'This name cannot be given to a folder.');
  return canonical;
}

/** `a`, `a/b` of `a/b/c`. */
export function superiorsOf(name: string): string[] {
  const levels = name.split('/');
  return levels.slice(1).map((_, at) => levels.slice(0, at + 1).join('/'));
}
