/** The two bodies of a message being sent, and back again when a draft is reopened. */
import { renderPlainText } from '../html/plain-text.ts';
import { sanitiseHtml } from '../html/sanitise.ts';
import { htmlToText } from '../html/to-text.ts';
import type { DraftContent } from './draft.ts';

const EDITOR_OPEN = '<div class="ms-compose" dir="auto">';
const QUOTE_OPEN = '<div class="ms-quote">';

/** Written and quoted HTML as it may leave: the browser's word is not taken for it. */
function cleanOutgoing(html: string, contentIds: ReadonlySet<string>): string {
  const clean = sanitiseHtml(html, {
    remoteImages: true,
    resolveCid: (id) => (contentIds.has(id) ? `cid:${id}` : undefined),
  });
  return clean ? clean.html : renderPlainText(htmlToText(html.slice(0, 100_000)));
}

export interface RenderedBody {
  text: string;
  html?: string;
}

export function renderDraftBody(draft: DraftContent): RenderedBody {
  if (draft.format === 'plain') {
    const quoted = draft.quote ? `\n\n${htmlToText(draft.quote)}` : '';
    return { text: `${draft.body}${quoted}`.replace(/\r\n?/g, '\n') };
  }
  const contentIds = new Set(draft.attachments.flatMap(({ contentId }) => contentId ?? []));
  const body = cleanOutgoing(draft.body, contentIds);
  const quote = draft.quote === null ? '' : `${QUOTE_OPEN}${cleanOutgoing(draft.quote, contentIds)}</div>`;
  const html = `${EDITOR_OPEN}${body}</div>${quote}`;
  return { text: htmlToText(html), html };
}

/** Splits what `renderDraftBody` joined; HTML of another program's draft is all body. `html` must be sanitised. */
export function splitDraftHtml(html: string): { body: string; quote: string | null } {
  const start = html.indexOf(EDITOR_OPEN);
  if (start === -1) return { body: html, quote: null };
  const rest = html.slice(start + EDITOR_OPEN.length);
  const quoteAt = rest.indexOf(QUOTE_OPEN);
  const withoutLastDiv = (part: string): string => part.trimEnd().replace(/<\/div>$/, '');
  if (quoteAt === -1) return { body: withoutLastDiv(rest), quote: null };
  return {
    body: withoutLastDiv(rest.slice(0, quoteAt)),
    quote: withoutLastDiv(rest.slice(quoteAt + QUOTE_OPEN.length)),
  };
}
