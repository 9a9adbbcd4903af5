/** Header fields: encoded-words where needed (RFC 2047), folded lines. */
import type { Person } from '../types.ts';
import { charsetFor, type DemoCharset, encodeCharset } from './charset-encoder.ts';

/** Characters of one encoded-word: few enough that it stays under 75 in any charset. */
const WORD_CHARACTERS = 12;

/** Text of a field or display name. */
export function encodeText(text: string, wanted: DemoCharset = 'utf-8'): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const charset = charsetFor(text, wanted);
  const characters = Array.from(text);
  const words: string[] = [];
  for (let at = 0; at < characters.length; at += WORD_CHARACTERS) {
    const piece = encodeCharset(characters.slice(at, at + WORD_CHARACTERS).join(''), charset);
    words.push(`=?${charset}?B?${piece.toString('base64')}?=`);
  }
  return words.join(' ');
}

export function encodePerson({ name, address }: Person, charset: DemoCharset = 'utf-8'): string {
  if (!/^[\x20-\x7e]*$/.test(name)) return `${encodeText(name, charset)} <${address}>`;
  return /^[\w .'-]*$/.test(name) && !name.includes('.') ? `${name} <${address}>` : `"${name}" <${address}>`;
}

/** `Name: value`, folded at spaces before 78 characters where it has them. */
export function field(name: string, value: string): string {
  const lines: string[] = [];
  let line = `${name}:`;
  for (const word of value.split(' ')) {
    if (line.length + 1 + word.length > 77 && line.trim() !== '' && lines.length + line.length > name.length + 1) {
      lines.push(line);
      line = ` ${word}`;
    } else line += ` ${word}`;
  }
  return [...lines, line].join('\r\n');
}
