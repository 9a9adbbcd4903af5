/** Text in the charsets of old mail. The runtime only decodes them, so the tables are read off its decoders. */

export type DemoCharset = 'utf-8' | 'iso-8859-1' | 'iso-8859-7' | 'koi8-r' | 'iso-2022-jp' | 'gb18030';

const tables = new Map<DemoCharset, Map<string, Buffer>>();

/** Throws RangeError for a character the charset lacks: a seed text with one is a mistake. */
export function encodeCharset(text: string, charset: DemoCharset): Buffer {
  if (charset === 'utf-8') return Buffer.from(text);
  if (charset === 'iso-2022-jp') return encodeJis(text);
  return Buffer.concat(Array.from(text, (character) => lookUp(character, charset)));
}

/** The charset itself where it has all of the text, else UTF-8. */
export function charsetFor(text: string, charset: DemoCharset): DemoCharset {
  try {
    encodeCharset(text, charset);
    return charset;
  } catch (error) {
    if (error instanceof RangeError) return 'utf-8';
    throw error;
  }
}

function lookUp(character: string, charset: DemoCharset): Buffer {
  const bytes = character < '\u0080' ? Buffer.from(character) : tableOf(charset).get(character);
  if (bytes === undefined) throw new RangeError(`${charset} has no ${character}`);
  return bytes;
}

function tableOf(charset: DemoCharset): Map<string, Buffer> {
  const known = tables.get(charset);
  if (known !== undefined) return known;
  const table = charset === 'gb18030' ? pairTable('gb18030', 0x81, 0x40, 0xfe) : singleByteTable(charset);
  tables.set(charset, table);
  return table;
}

function singleByteTable(charset: string): Map<string, Buffer> {
  const decoder = new TextDecoder(charset);
  const codes = Array.from({ length: 128 }, (_, index) => Buffer.of(index + 128));
  return new Map(codes.map((bytes) => [decoder.decode(bytes), bytes]));
}

function pairTable(charset: string, lead: number, trail: number, last: number): Map<string, Buffer> {
  const decoder = new TextDecoder(charset);
  const table = new Map<string, Buffer>();
  for (let first = lead; first <= last; first++) {
    for (let second = trail; second <= last; second++) {
      const bytes = Buffer.of(first, second);
      const character = decoder.decode(bytes);
      if (Array.from(character).length === 1 && character !== '\ufffd') table.set(character, bytes);
    }
  }
  return table;
}

/** JIS X 0208 behind ESC $ B, back to ASCII before every line end (RFC 1468); EUC-JP holds the same pairs with high bits. */
function encodeJis(text: string): Buffer {
  const table = tables.get('iso-2022-jp') ?? pairTable('euc-jp', 0xa1, 0xa1, 0xfe);
  tables.set('iso-2022-jp', table);
  const pieces: Buffer[] = [];
  let inJis = false;
  for (const character of text) {
    const pair = character < '\u0080' ? undefined : table.get(character);
    if (character >= '\u0080' && pair === undefined) throw new RangeError(`iso-2022-jp has no ${character}`);
    if (inJis !== (pair !== undefined)) pieces.push(Buffer.from(inJis ? '\x1b(B' : '\x1b$B'));
    inJis = pair !== undefined;
    pieces.push(pair === undefined ? Buffer.from(character) : Buffer.from(pair.map((byte) => byte & 0x7f)));
  }
  if (inJis) pieces.push(Buffer.from('\x1b(B'));
  return Buffer.concat(pieces);
}
