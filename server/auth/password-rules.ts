/**
 * What a new password must be. Length is what counts; rules of composition are not (NIST SP 800-63B §3.1.1.2). Every
 * refusal says what to do. Old passwords are never held against these rules: only new ones.
 */
import { randomInt } from 'node:crypto';
import { OperationError } from '../actor/errors.ts';

const MIN_PASSWORD_LENGTH = 10;
const MAX_PASSWORD_LENGTH = 256;

/** Long enough for the length rule, and still among the first that anybody tries. */
const COMMONEST = new Set(
  `1234567890 12345678910 0123456789 0987654321 1234512345 1122334455 123123123123 123456789a 1q2w3e4r5t 1q2w3e4r5t6y
  1qaz2wsx3edc qwertyuiop qwerty12345 qwerty123456 qwertyuiop123 asdfghjkl123 zxcvbnm123 abcdefghij abcdefg123 abc123abc123
  password10 password12 password123 password1234 password12345 passwordpassword passw0rd123 p@ssw0rd123 p@ssword123
  administrator admin12345 admin123456 adminadmin letmein123 letmeinplease welcome123 welcome1234 changeme123 changemenow
  iloveyou123 iloveyouuu sunshine123 princess123 football123 baseball123 superman123 batman12345 trustno1trustno1 monkey12345
  dragon12345 master12345 michael123 liverpool123 starwars123 computer123 internet123 whatever123 hellohello qazwsxedcrfv
  mailstead mailstead1 mailstead123`.split(/\s+/),
);

// biome-ignore lint/suspicious/noControlCharactersInRegex: naming them is the point
const CONTROL = /[\u0000-\u001f\u007f]/;

function isAddress(password: string, address: string): boolean {
  const typed = password.toLowerCase();
  return typed === address.toLowerCase();
}

/** What is wrong with `password` as a new password of the person with `address`, in words for that person; undefined when it is good. */
export function findPasswordProblem(password: string, address: string): string | undefined {
  const length = [...password].length;
  if (length < MIN_PASSWORD_LENGTH)
    return `Use at least ${MIN_PASSWORD_LENGTH} characters: a few words in a row are good.`;
  if (length > MAX_PASSWORD_LENGTH) return `Use at most ${MAX_PASSWORD_LENGTH} characters.`;
  if (CONTROL.test(password)) return 'Use only characters that can be typed: no tabs or line breaks.';
  if (isAddress(password, address)) return 'Choose something other than the address itself.';
  if (/^(.)\1*$/u.test(password)) return 'Use more than one character, not the same one again and again.';
  if (COMMONEST.has(password.toLowerCase())) {
    return 'This is one of the passwords that are tried first: choose another, or let one be generated.';
  }
  return undefined;
}

/** Throws `invalid` on `field` when the password may not be used. */
export function requireGoodPassword(password: string, address: string, field = 'password'): void {
  const problem = findPasswordProblem(password, address);
  if (problem !== undefined) throw new OperationError('invalid', problem, { [field]: problem });
}

/** Letters and digits that are not mistaken for each other in print. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';

/** Four groups of five, 99 bits: to be read out or copied. */
export function generatePassword(): string {
  const group = (): string => Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return [group(), group(), group(), group()].join('-');
}
