/**
 * The page a mail's body is shown in, and the headers it must be served with. It is put into an iframe whose sandbox has no
 * `allow-scripts`; the same sandbox stands in the CSP header, so that the page is as harmless when opened by its URL.
 * `allow-same-origin` is there so that the reading pane can measure the page and take its keys: without scripts it gives the
 * mail nothing (docs/decisions/004-webmail-html-frame.md).
 */
export const FRAME_SANDBOX = 'allow-same-origin allow-popups allow-popups-to-escape-sandbox';

export interface BodyDocumentOptions {
  html: string;
  css: string;
  theme: 'light' | 'dark';
  /** Text/plain or HTML without colours of its own: it takes the theme's. Others stay on white paper. */
  plain: boolean;
  /** Read from the page by the reading pane. */
  blockedImages: number;
  cut: boolean;
}

export interface BodyPolicyOptions {
  /** Origin and path below which the mail's own parts are served, e.g. `https://mail.example/api/webmail/part`. */
  partsUrl: string;
  remoteImages: boolean;
}

/** Headers of every response that carries a mail's body. */
export function bodyHeaders(options: BodyPolicyOptions): Record<string, string> {
  const images = [options.partsUrl, 'data:', ...(options.remoteImages ? ['https:'] : [])].join(' ');
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': [
      `sandbox ${FRAME_SANDBOX}`,
      `default-src 'none'`,
      `img-src ${images}`,
      `style-src 'unsafe-inline'`,
      `base-uri 'none'`,
      `form-action 'none'`,
      `frame-ancestors 'self'`,
    ].join('; '),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'private, no-store',
  };
}

/** Whether a mail brings colours that only make sense on the paper it was written for. */
export function hasOwnColours(html: string, css: string): boolean {
  return /\bbgcolor=|background(?:-color)?:|[;"\s]color:|<font[^>]+color=/i.test(html) || /background|color/i.test(css);
}

const BASE_CSS = `
html{color-scheme:light;-webkit-text-size-adjust:100%}
html.dark{color-scheme:dark}
body{margin:0;padding:0;font:15px/1.6 "Inter Variable",Inter,system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;color:#1c1e21;background:transparent;overflow-wrap:anywhere}
html.dark.plain body{color:#e4e5e9}
html.dark:not(.plain){color-scheme:light}
html.dark:not(.plain) body{background:#fff;padding:16px;border-radius:8px}
#mail{overflow-x:auto;overflow-y:hidden;padding-bottom:1px}
.ms-text{white-space:pre-wrap}
img{max-width:100%}
img:not([src]){display:none}
a{color:#1a5fd0}
html.dark.plain a{color:#8ab4ff}
pre{white-space:pre-wrap}
table{max-width:100%}
blockquote{margin:8px 0;padding-left:12px;border-left:2px solid #c9cdd6;color:#5c6370}
html.dark.plain blockquote{border-color:#4a4f5a;color:#a3a8b4}
`;

const CUT_NOTE = '<p><em>The message is longer than is shown here. Download it to read the rest.</em></p>';

/** `html` and `css` must come from the sanitiser. */
export function renderBodyDocument(options: BodyDocumentOptions): string {
  const classes = [options.theme, ...(options.plain ? ['plain'] : [])].join(' ');
  return `<!doctype html>
<html class="${classes}" data-blocked-images="${options.blockedImages}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Message</title>
<style>${BASE_CSS}</style>
<style>${options.css}</style>
</head>
<body><div id="mail" dir="auto">${options.html}${options.cut ? CUT_NOTE : ''}</div></body>
</html>
`;
}
