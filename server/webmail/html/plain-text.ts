/** A text/plain body as HTML: escaped, links made clickable, quoted lines marked by depth. */

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

const LINK = /\b(https?:\/\/[^\s<>"']{1,2000}|[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8})/gi;

/** Where a link ends: sentence punctuation after it is not part of it. */
function linkEnd(found: string): number {
  let end = found.length;
  while (end > 0 && '.,;:!?)]'.includes(found.charAt(end - 1))) end -= 1;
  return end;
}

function renderLink(found: string): string {
  const end = linkEnd(found);
  const target = found.slice(0, end);
  const trailing = found.slice(end);
  const href = /^https?:/i.test(target) ? target : `mailto:${target}`;
  return `<a href="${escapeHtml(href)}" target="_blank" rel="noopener noreferrer nofollow">${escapeHtml(target)}</a>${escapeHtml(trailing)}`;
}

function renderLine(line: string): string {
  if (!line.includes('@') && !line.includes('://')) return escapeHtml(line);
  let html = '';
  let last = 0;
  for (const match of line.matchAll(LINK)) {
    html += escapeHtml(line.slice(last, match.index)) + renderLink(match[0]);
    last = match.index + match[0].length;
  }
  return html + escapeHtml(line.slice(last));
}

const MAX_QUOTE_DEPTH = 8;

function quoteDepth(line: string): number {
  const marks = /^(?:>[ ]?)+/.exec(line)?.[0] ?? '';
  return Math.min(marks.replaceAll(' ', '').length, MAX_QUOTE_DEPTH);
}

/** Lines of the same quoting depth become one block; `>` marks become nested blockquotes. */
export function renderPlainText(text: string): string {
  const blocks: { depth: number; lines: string[] }[] = [];
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    const depth = quoteDepth(line);
    const content = depth === 0 ? line : line.replace(/^(?:>[ ]?){1,8}/, '');
    const last = blocks.at(-1);
    if (last?.depth === depth) last.lines.push(content);
    else blocks.push({ depth, lines: [content] });
  }
  return blocks
    .map(({ depth, lines }) => {
      const body = `<div class="ms-text" dir="auto">${lines.map(renderLine).join('\n')}</div>`;
      return '<blockquote>'.repeat(depth) + body + '</blockquote>'.repeat(depth);
    })
    .join('');
}
