/**
 * Hostile HTML in, harmless HTML out. An allow list of elements and attributes; scripts, forms, frames, SVG, MathML and
 * every event handler are gone; links open elsewhere and tell nothing; images come from the mail itself (`cid:` through
 * our route) or, only when asked for, from the network. This is the inner wall: the document is besides served with a CSP
 * that runs nothing and loads nothing (`document.ts`).
 */
import sanitizeHtml from 'sanitize-html';
import { sanitiseDeclarations, sanitiseStylesheet } from './css.ts';

export interface SanitiseOptions {
  /** URL of the part with this Content-ID (no angle brackets); undefined where the mail has no such part. */
  resolveCid: (contentId: string) => string | undefined;
  /** Keep images of the network. */
  remoteImages: boolean;
}

export interface SanitisedHtml {
  html: string;
  /** The mail's own style sheets, filtered. */
  css: string;
  /** Images of the network that were left out. */
  blockedImages: number;
  /** Content-IDs that were used, so that the list of attachments can leave them out. */
  usedCids: ReadonlySet<string>;
}

const TAGS =
  `a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn
  div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q rp rt ruby s
  samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr`.split(
    /\s+/,
  );

const ATTRIBUTES: Record<string, string[]> = {
  '*': ['align', 'bgcolor', 'class', 'dir', 'lang', 'style', 'title', 'valign', 'width', 'height'],
  a: ['href', 'name', 'target', 'rel'],
  img: ['src', 'alt', 'border', 'hspace', 'vspace', 'loading'],
  font: ['color', 'face', 'size'],
  table: ['border', 'cellpadding', 'cellspacing', 'role'],
  td: ['colspan', 'rowspan', 'nowrap'],
  th: ['colspan', 'rowspan', 'nowrap', 'scope'],
  col: ['span'],
  colgroup: ['span'],
  ol: ['start', 'type', 'reversed'],
  ul: ['type'],
  li: ['value'],
  hr: ['size', 'color', 'noshade'],
  br: ['clear'],
  time: ['datetime'],
};

/**
 * Their text is not for reading: it goes with them, whatever they are nested in. So `style`, whose text would come out as it is, may
 * never be in `TAGS`: deeper than `MAX_NESTING` no filter is asked.
 */
const NON_TEXT = [
  'style',
  'script',
  'textarea',
  'option',
  'xmp',
  'title',
  'noscript',
  'object',
  'svg',
  'math',
  'template',
  'select',
];
/**
 * More of these is an attack on the parser, not a letter: what stays below takes some 300 ms at most, half a second where
 * it is one tag of 300,000 attributes without values; half as much again with style sheets, for which it is read twice.
 */
const MAX_TAGS = 15_000;
const MAX_VALUES = 75_000;
const MAX_REFERENCES = 150_000;
const MAX_NESTING = 200;
/** All style sheets and distinct style attributes of a mail together. */
const MAX_CSS_CHARACTERS = 256 * 1024;
const DATA_IMAGE = /^data:image\/(?:png|gif|jpe?g|webp);base64,[a-z0-9+/=\s]+$/i;
const MAX_DATA_URL = 512 * 1024;

type Attributes = Record<string, string>;

/** Longer ones no browser is asked to follow. */
const MAX_LINK = 8 * 1024;

function normaliseLink(href: string | undefined): string | undefined {
  if (href === undefined || href.length > MAX_LINK) return undefined;
  // Browsers ignore these characters inside a scheme, so they go before it is looked at.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what hides a scheme
  const url = href.replace(/[\u0000-\u0020\u007f-\u00a0\u200b-\u200f\u2028\u2029\ufeff]/g, (character) =>
    character === ' ' ? '%20' : '',
  );
  let [start, end] = [0, url.length];
  while (url.startsWith('%20', start)) start += 3;
  while (end > start && url.endsWith('%20', end)) end -= 3;
  const trimmed = url.slice(start, end);
  return /^(?:https?:\/\/|mailto:|tel:)/i.test(trimmed) ? trimmed : undefined;
}

function transformLink(attributes: Attributes): Attributes {
  const { href, ...rest } = attributes;
  const url = normaliseLink(href);
  if (url === undefined) return { ...rest, target: '', rel: '' };
  return { ...rest, href: url, target: '_blank', rel: 'noopener noreferrer nofollow' };
}

class ImageRules {
  readonly #options: SanitiseOptions;
  blocked = 0;
  readonly usedCids = new Set<string>();
  constructor(options: SanitiseOptions) {
    this.#options = options;
  }

  transform(attributes: Attributes): Attributes {
    const { src, ...rest } = attributes;
    const url = this.#resolve((src ?? '').trim());
    return url === undefined ? rest : { ...rest, src: url, loading: 'eager' };
  }

  #resolve(src: string): string | undefined {
    if (/^cid:/i.test(src)) {
      const contentId = decodeCid(src.slice(4));
      const url = this.#options.resolveCid(contentId);
      if (url !== undefined) this.usedCids.add(contentId);
      return url;
    }
    // Raster data URLs carry their own bytes: nothing is fetched.
    if (src.length < MAX_DATA_URL && DATA_IMAGE.test(src)) return src;
    if (!/^(?:https?:)?\/\//i.test(src)) return undefined;
    if (this.#options.remoteImages) return src.replace(/^(?:https?:)?\/\//i, 'https://');
    this.blocked += 1;
    return undefined;
  }
}

function decodeCid(cid: string): string {
  try {
    return decodeURIComponent(cid);
  } catch {
    // A stray percent sign: the id is meant as it stands.
    return cid;
  }
}

/**
 * The CSS of one mail, within a budget: parsing it is the dear part, and a mail may bring as much of it as it likes. A style
 * attribute that was seen before costs nothing, as letters repeat the same few; what is over the budget is left out.
 */
class StyleRules {
  readonly sheets: string[] = [];
  readonly #seen = new Map<string, string>();
  #left = MAX_CSS_CHARACTERS;

  addSheet(css: string): void {
    if (!this.#spend(css)) return;
    const sheet = sanitiseStylesheet(css);
    if (sheet !== '') this.sheets.push(sheet);
  }

  filter(attributes: Attributes): Attributes {
    if (attributes.style === undefined) return attributes;
    const { style, ...rest } = attributes;
    const kept = this.#seen.get(style) ?? this.#sanitise(style);
    return kept === '' ? rest : { ...rest, style: kept };
  }

  #sanitise(style: string): string {
    const kept = this.#spend(style) ? sanitiseDeclarations(style) : '';
    this.#seen.set(style, kept);
    return kept;
  }

  #spend(css: string): boolean {
    this.#left -= css.length;
    return this.#left >= 0;
  }
}

/** A pass of its own for the style sheets, of which nothing but them is kept; those in SVG and the like are none. */
function addSheets(html: string, styles: StyleRules): void {
  if (!/<style/i.test(html)) return;
  sanitizeHtml(html, {
    allowedTags: ['style'],
    allowVulnerableTags: true,
    allowedAttributes: {},
    nonTextTags: NON_TEXT,
    textFilter: () => '',
    exclusiveFilter: ({ tag, text }) => {
      if (tag === 'style') styles.addSheet(text);
      return true;
    },
  });
}

function hasMore(html: string, character: string, limit: number): boolean {
  let count = 0;
  for (let at = html.indexOf(character); at !== -1 && count <= limit; at = html.indexOf(character, at + 1)) count += 1;
  return count > limit;
}

function isTooHeavy(html: string): boolean {
  return hasMore(html, '<', MAX_TAGS) || hasMore(html, '=', MAX_VALUES) || hasMore(html, '&', MAX_REFERENCES);
}

/** Answers undefined for markup too heavy to be shown as HTML; the caller shows its text. */
export function sanitiseHtml(html: string, options: SanitiseOptions): SanitisedHtml | undefined {
  if (isTooHeavy(html)) return undefined;
  const images = new ImageRules(options);
  const styles = new StyleRules();
  addSheets(html, styles);
  const clean = sanitizeHtml(html, {
    allowedTags: TAGS,
    allowedAttributes: ATTRIBUTES,
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    // `src` was decided above, our own relative URLs among them.
    allowedSchemesAppliedToAttributes: ['href'],
    allowProtocolRelative: false,
    nonTextTags: NON_TEXT,
    nestingLimit: MAX_NESTING,
    parseStyleAttributes: false,
    transformTags: {
      body: (_name, attributes) => ({ tagName: 'div', attribs: attributes }),
      a: (tagName, attributes) => ({ tagName, attribs: transformLink(attributes) }),
      img: (tagName, attributes) => ({ tagName, attribs: images.transform(attributes) }),
      '*': (tagName, attributes) => ({ tagName, attribs: styles.filter(attributes) }),
    },
  });
  return {
    html: clean,
    css: styles.sheets.join('\n'),
    blockedImages: images.blocked,
    usedCids: images.usedCids,
  };
}
