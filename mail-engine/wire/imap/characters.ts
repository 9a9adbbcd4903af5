/** Character classes of RFC 3501 §9 as one table: a byte's bits say in which classes it is. */

export const Class = { atom: 1, astring: 2, list: 4, tag: 8, digit: 16, base64: 32 } as const;

const ATOM_SPECIALS = '(){ %*"\\]';

function classesOf(byte: number): number {
  const character = String.fromCharCode(byte);
  let classes = 0;
  if (byte > 0x20 && byte < 0x7f) {
    const atom = !ATOM_SPECIALS.includes(character);
    const astring = atom || character === ']';
    if (atom) classes |= Class.atom;
    if (astring) classes |= Class.astring;
    if (astring || character === '%' || character === '*') classes |= Class.list;
    if (astring && character !== '+') classes |= Class.tag;
  }
  if (character >= '0' && character <= '9') classes |= Class.digit;
  if (/[A-Za-z0-9+/=]/.test(character)) classes |= Class.base64;
  return classes;
}

const TABLE = Uint8Array.from({ length: 256 }, (_, byte) => classesOf(byte));

export function isIn(byte: number | undefined, characterClass: number): boolean {
  return byte !== undefined && ((TABLE[byte] ?? 0) & characterClass) !== 0;
}
