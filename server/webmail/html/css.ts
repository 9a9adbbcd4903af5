/**
 * CSS of a mail, reduced to what lays out and colours text. A real parser (postcss) reads it; what it cannot read is dropped whole.
 * Kept: the properties of `ALLOWED`, `@media` around rules. Removed: every other at-rule (@import, @font-face …), every
 * function that loads or computes (`url()`, `image-set()`, `expression()`, `var()` …), and whatever could take an element
 * out of its place. The output never holds `<`, so it cannot end the style element it is put into.
 */
import postcss, { type AtRule, type ChildNode, type Container, type Declaration, type Rule } from 'postcss';

const ALLOWED = new Set(
  `align-items align-content align-self background background-color border border-bottom border-bottom-color
  border-bottom-style border-bottom-width border-collapse border-color border-left border-left-color border-left-style
  border-left-width border-radius border-right border-right-color border-right-style border-right-width border-spacing
  border-style border-top border-top-color border-top-style border-top-width border-width box-sizing clear color
  direction display flex flex-basis flex-direction flex-grow flex-shrink flex-wrap float font font-family font-size
  font-style font-variant font-weight gap height justify-content letter-spacing line-height list-style list-style-type
  margin margin-bottom margin-left margin-right margin-top max-height max-width min-height min-width opacity order
  overflow overflow-wrap padding padding-bottom padding-left padding-right padding-top table-layout text-align
  text-decoration text-decoration-color text-decoration-line text-indent text-overflow text-transform unicode-bidi
  vertical-align visibility white-space width word-break word-spacing word-wrap`.split(/\s+/),
);

/** Functions a value may hold; any other `name(` drops the declaration. */
const SAFE_FUNCTIONS = new Set(['rgb', 'rgba', 'hsl', 'hsla', 'calc', 'min', 'max', 'clamp']);
const MEDIA_QUERY = /^[a-z0-9\s(),:.-]+$/i;
/** The frame's own colours and scheme decide how dark a mail is shown; those of the mail would fight them. */
const SCHEME_QUERY = /prefers-color-scheme/i;
const SELECTOR = /^[a-z0-9\s.#*,>+~_:()[\]="'^$|-]+$/i;
const MAX_CSS = 256 * 1024;
const MAX_VALUE = 512;

function isSafeValue(value: string): boolean {
  if (value.length > MAX_VALUE || /[<>\\{}@]|\/\*/.test(value)) return false;
  for (const [, name = ''] of value.matchAll(/([a-z-]*)\(/gi)) {
    if (!SAFE_FUNCTIONS.has(name.toLowerCase())) return false;
  }
  return !/javascript:|vbscript:|data:/i.test(value);
}

function keepsDeclaration(declaration: Declaration): boolean {
  const property = declaration.prop.toLowerCase();
  if (!ALLOWED.has(property) || !isSafeValue(declaration.value)) return false;
  // Sizes in viewport units would grow with the frame that is sized to its content, and never settle.
  return !/\d(?:vh|vmin|vmax|dvh|svh|lvh)\b/i.test(declaration.value);
}

function filterRule(rule: Rule): void {
  if (!SELECTOR.test(rule.selector)) {
    rule.remove();
    return;
  }
  rule.each((node) => {
    if (node.type !== 'decl' || !keepsDeclaration(node)) node.remove();
  });
  if (rule.nodes.length === 0) rule.remove();
}

function isPlainMedia(rule: AtRule): boolean {
  return rule.name.toLowerCase() === 'media' && MEDIA_QUERY.test(rule.params) && !SCHEME_QUERY.test(rule.params);
}

function filterContainer(container: Container, depth: number): void {
  container.each((node: ChildNode) => {
    if (node.type === 'rule') filterRule(node);
    else if (node.type === 'atrule' && depth === 0 && isPlainMedia(node)) {
      filterContainer(node, depth + 1);
      if (!node.nodes?.length) node.remove();
    } else node.remove();
  });
}

function parseCss(css: string): postcss.Root | undefined {
  try {
    return postcss.parse(css);
  } catch {
    // Broken CSS is not worth guessing at: the mail is shown without it.
    return undefined;
  }
}

/** A style element's text. Answers '' for what is too long or cannot be parsed. */
export function sanitiseStylesheet(css: string): string {
  if (css.length > MAX_CSS) return '';
  const root = parseCss(css.replace(/<!--|-->/g, ' '));
  if (!root) return '';
  filterContainer(root, 0);
  const text = root.toString();
  return text.includes('<') ? '' : text;
}

/** A style attribute's value. */
export function sanitiseDeclarations(style: string): string {
  if (style.length > MAX_CSS) return '';
  const root = parseCss(`x{${style}}`);
  const rule = root?.first;
  // A brace in the attribute would make more than one rule of it.
  if (root?.nodes.length !== 1 || rule?.type !== 'rule') return '';
  const kept: string[] = [];
  rule.each((node) => {
    if (node.type === 'decl' && keepsDeclaration(node))
      kept.push(`${node.prop.toLowerCase()}:${node.value}${node.important ? ' !important' : ''}`);
  });
  return kept.join(';');
}
