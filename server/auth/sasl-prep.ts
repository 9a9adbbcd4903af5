/**
 * What SASLprep (RFC 4013 §2.1, §2.2) makes of a password: spaces of other scripts become the plain one, what is commonly mapped
 * to nothing goes, the rest is NFKC. Nothing is prohibited here: what a client sends anyway must still compare equal to itself.
 */
import { normalForm } from '../text/normal-form.ts';

/** RFC 3454 table C.1.2. */
const OTHER_SPACES = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/gu;
/** RFC 3454 table B.1; what is in C.1.2 too is a space. */
const MAPPED_TO_NOTHING = /\u00ad|\u034f|\u1806|[\u180b-\u180d]|\u200c|\u200d|\u2060|[\ufe00-\ufe0f]|\ufeff/gu;

export function saslPrep(text: string): string {
  return normalForm(text.replaceAll(OTHER_SPACES, ' ').replaceAll(MAPPED_TO_NOTHING, ''), 'NFKC');
}
