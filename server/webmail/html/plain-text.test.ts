import { expect, test } from 'vitest';
import { renderPlainText } from './plain-text.ts';
import { htmlToText } from './to-text.ts';

test('markup in a plain body is text', () => {
  expect(renderPlainText('<b>&"')).toBe('<div class="ms-text" dir="auto">&lt;b&gt;&amp;&quot;</div>');
});

test('links are made of addresses, without the full stop after them', () => {
  const html = renderPlainText('see https://example.org/a_(b)?x=1. or me@example.org!');
  expect(html).toContain('href="https://example.org/a_(b)?x=1"');
  expect(html).toContain('href="mailto:me@example.org"');
  expect(html).toContain('</a>. or');
});

test('a link cannot break out of its attribute', () => {
  expect(renderPlainText(`https://x/"onclick=alert(1)`)).not.toMatch(/<a[^>]*onclick/);
});

test('quoted lines nest', () => {
  expect(renderPlainText('> a\n>> b\nc').replace(/<\/?div[^>]*>/g, '|')).toBe(
    '<blockquote>|a|</blockquote><blockquote><blockquote>|b|</blockquote></blockquote>|c|',
  );
});

test('HTML becomes readable text', () => {
  const html =
    '<p>Hello&nbsp;<b>you</b> &amp; all</p><ul><li>one</li><li>two</li></ul><blockquote><p>said</p><p>more</p></blockquote>x<br>y';
  expect(htmlToText(html)).toBe('Hello you & all\n\n- one\n- two\n\n> said\n\n> more\n\nx\ny');
});

test('scripts and styles leave no text', () => {
  expect(htmlToText('<style>p{}</style><script>x()</script><p>t</p>')).toBe('t');
});
