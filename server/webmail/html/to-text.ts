/** The plain-text side of HTML that was written in the composer or is being quoted. */
import sanitizeHtml from 'sanitize-html';

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', '#39': "'" };

function decodeEntities(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}

/** Marks that stand for line ends and quoting while tags are taken away; the input has its control characters removed first. */
const BREAK = '\u0001';
const QUOTE_OPEN = '\u0002';
const QUOTE_CLOSE = '\u0003';

/** A tag ends at the next `<` at the latest: looking further from each of many that never end would take their number squared. */
function markBlocks(html: string): string {
  return html
    .replace(/<br\b[^<>]*>/gi, BREAK)
    .replace(/<li\b[^<>]*>/gi, `${BREAK}- `)
    .replace(/<hr\b[^<>]*>/gi, `${BREAK}----${BREAK}`)
    .replace(/<blockquote\b[^<>]*>/gi, QUOTE_OPEN)
    .replace(/<\/blockquote>/gi, QUOTE_CLOSE)
    .replace(/<\/(?:p|h[1-6]|pre|table|ul|ol)>/gi, BREAK + BREAK)
    .replace(/<\/(?:div|tr)>/gi, BREAK)
    .replace(/<\/t[dh]>/gi, ' ');
}

function layOut(marked: string): string {
  const lines: string[] = [];
  let depth = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the marks above
  for (const piece of marked.split(/([\u0001\u0002\u0003])/)) {
    if (piece === QUOTE_OPEN) depth += 1;
    else if (piece === QUOTE_CLOSE) depth = Math.max(0, depth - 1);
    else if (piece === BREAK) lines.push('');
    else if (piece.trim() !== '') {
      const prefix = depth === 0 ? '' : `${'>'.repeat(depth)} `;
      const text = piece.replace(/[\t\n\r \u00a0]+/g, ' ');
      const last = lines.length - 1;
      const open = lines[last];
      if (open === undefined) lines.push(prefix + text.trimStart());
      else lines[last] = open === '' ? prefix + text.trimStart() : open + text;
    }
  }
  return lines.map((line) => line.trimEnd()).join('\n');
}

/** Block elements end lines, list items get a dash, quotations get `>`. Any HTML is safe input: only its text stays. */
export function htmlToText(html: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the marks must not come from outside
  const plain = html.replace(/[\u0001-\u0003]/g, '');
  const tagless = sanitizeHtml(markBlocks(plain), { allowedTags: [], allowedAttributes: {} });
  return layOut(decodeEntities(tagless))
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}
