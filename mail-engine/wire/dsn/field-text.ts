/** Values made fit to stand in a header field or a line of text: no control characters, no line over the limit. */

/** Fields are folded before this many characters where they have spaces. */
const FOLD_AT = 76;
/** RFC 5322 §2.1.1 allows 998 octets; a character has at most four. */
const MAX_WORD = 240;

/** Strangers' text on one line: control characters become spaces; without `utf8` other characters become `?`. */
export function oneLine(text: string, utf8: boolean): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ')
    .trim();
  return utf8 ? line : line.replace(/[^\x20-\x7e]/gu, '?');
}

/** `Name: value` folded at spaces, CRLF at its end; over-long words are cut. */
export function headerField(name: string, value: string): string {
  return `${wrap(`${name}: ${value}`, '\r\n ')}\r\n`;
}

/** Words in lines of at most 76 characters, or as long as a single word is; `separator` between the lines. */
export function wrap(text: string, separator: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap(cutWord)) {
    if (line !== '' && line.length + 1 + word.length > FOLD_AT) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join(separator);
}

function cutWord(word: string): string[] {
  if (word.length <= MAX_WORD) return [word];
  return word.match(new RegExp(`.{1,${MAX_WORD}}`, 'gsu')) ?? [];
}

/** Date and time of RFC 5322 §3.3, in UTC. */
export function dateTime(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000');
}

/** xtext (RFC 3461 §4) as the text it stands for; what is malformed stays. */
export function decodeXtext(xtext: string): string {
  return xtext.replace(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
