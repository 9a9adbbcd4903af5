/** Words of an HTML text: for previews and the search index, not for display. Linear in the input, bounded in the output. */

/** Elements whose content nobody reads. */
const HIDDEN = new Set(['script', 'style', 'title', 'template', 'noscript', 'textarea', 'svg', 'math', 'object']);

/** Elements that do not end a word. */
const INLINE = new Set(['a', 'b', 'i', 'u', 's', 'em', 'strong', 'span', 'font', 'small', 'big', 'sub', 'sup', 'code']);

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', shy: '', zwnj: '', zwj: '', ensp: ' ', emsp: ' ' },
  ...{ copy: '©', reg: '®', trade: '™', euro: '€', pound: '£', yen: '¥', cent: '¢', sect: '§', para: '¶' },
  ...{ hellip: '…', ndash: '–', mdash: '—', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', sbquo: '‚', bdquo: '„' },
  ...{ laquo: '«', raquo: '»', bull: '•', middot: '·', times: '×', divide: '÷', deg: '°', plusmn: '±', frac12: '½' },
  ...{ auml: 'ä', ouml: 'ö', uuml: 'ü', Auml: 'Ä', Ouml: 'Ö', Uuml: 'Ü', szlig: 'ß', euml: 'ë', iuml: 'ï', yuml: 'ÿ' },
  ...{ agrave: 'à', aacute: 'á', acirc: 'â', atilde: 'ã', aring: 'å', aelig: 'æ', ccedil: 'ç', ntilde: 'ñ' },
  ...{ egrave: 'è', eacute: 'é', ecirc: 'ê', igrave: 'ì', iacute: 'í', icirc: 'î', ograve: 'ò', oacute: 'ó' },
  ...{ ocirc: 'ô', otilde: 'õ', oslash: 'ø', ugrave: 'ù', uacute: 'ú', ucirc: 'û', yacute: 'ý', iexcl: '¡' },
  ...{ Agrave: 'À', Aacute: 'Á', Eacute: 'É', Egrave: 'È', Ccedil: 'Ç', Ntilde: 'Ñ', Oslash: 'Ø', Aring: 'Å' },
};
/** Without what every object has: `&constructor;` is no entity. */
const ENTITY_BY_NAME = new Map(Object.entries(ENTITIES));

/** Longest look for the end of a tag with quoted attributes. */
const MAX_QUOTED_TAG = 8192;

const TAG_NAME = /\/?([a-z][a-z0-9]*)/iy;

/** At most about `maxLength` characters of text; white space between elements is a space or a line end. */
export function htmlToText(html: string, maxLength: number): string {
  const tags = new TagReader(html);
  let text = '';
  let position = 0;
  while (position < html.length && text.length < maxLength) {
    const open = html.indexOf('<', position);
    const end = open === -1 ? html.length : open;
    if (end > position) text += decodeEntities(html.slice(position, Math.min(end, position + maxLength)));
    if (open === -1) break;
    const tag = tags.read(open);
    if (tag.isText) text += '<';
    else if (!INLINE.has(tag.name)) text += tag.name === 'td' || tag.name === 'th' ? ' ' : '\n';
    position = tag.end;
  }
  return text.slice(0, maxLength);
}

interface Tag {
  name: string;
  /** Behind the tag; of a hidden element, behind its content. */
  end: number;
  /** The `<` starts no tag. */
  isText: boolean;
}

/** Reads tags in ascending order. */
class TagReader {
  readonly #html: string;
  /** Before it quotes are not understood: they were looked through for the end of a tag, and it was not there. */
  #quotesFrom = 0;

  constructor(html: string) {
    this.#html = html;
  }

  /** The tag that starts at the `<` at `open`. */
  read(open: number): Tag {
    const html = this.#html;
    if (html.startsWith('<!--', open)) return { name: '', end: endOf(html, '-->', open + 4), isText: false };
    TAG_NAME.lastIndex = open + 1;
    const name = TAG_NAME.exec(html)?.[1]?.toLowerCase();
    if (name === undefined) {
      const declaration = html[open + 1] === '!' || html[open + 1] === '?' || html[open + 1] === '/';
      return { name: '', end: declaration ? endOf(html, '>', open) : open + 1, isText: !declaration };
    }
    const end = this.#end(TAG_NAME.lastIndex);
    if (html[open + 1] === '/' || html[end - 2] === '/' || !HIDDEN.has(name)) return { name, end, isText: false };
    return { name, end: hiddenEnd(html, name, end), isText: false };
  }

  /** Behind the tag: at a `>` outside quotes, or at any where there is none, and then for all tags in what was looked through. */
  #end(from: number): number {
    const html = this.#html;
    if (from < this.#quotesFrom) return endOf(html, '>', from);
    const limit = Math.min(html.length, from + MAX_QUOTED_TAG);
    let quote = '';
    for (let position = from; position < limit; position++) {
      const character = html.charAt(position);
      if (quote !== '') quote = character === quote ? '' : quote;
      else if (character === '>') return position + 1;
      else if ((character === '"' || character === "'") && html[position - 1] === '=') quote = character;
    }
    this.#quotesFrom = limit;
    return endOf(html, '>', from);
  }
}

function endOf(html: string, mark: string, from: number): number {
  const found = html.indexOf(mark, from);
  return found === -1 ? html.length : found + mark.length;
}

function hiddenEnd(html: string, name: string, from: number): number {
  const close = new RegExp(`</${name}[^>]{0,256}>`, 'gi');
  close.lastIndex = from;
  return close.exec(html) === null ? html.length : close.lastIndex;
}

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z][a-z0-9]{1,31}));?/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITY_BY_NAME.get(name) ?? ENTITY_BY_NAME.get(name.toLowerCase()) ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    const valid = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    return valid ? String.fromCodePoint(code) : ' ';
  });
}
