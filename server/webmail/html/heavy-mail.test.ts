/** Mail made to be slow to show. Each of these took minutes where its time grew with the square of its length. */
import { expect, test } from 'vitest';
import { renderPlainText } from './plain-text.ts';
import { sanitiseHtml } from './sanitise.ts';
import { htmlToText } from './to-text.ts';

const OPTIONS = { remoteImages: false, resolveCid: () => undefined };

test.each(['<br', '<li ', '<hr ', '<blockquote '])('two million characters of %s, never closed, become text', (tag) => {
  expect(htmlToText(`before<br>${tag.repeat(2_000_000 / tag.length)}`)).toContain('before');
});

test('links that are all punctuation', () => {
  const html = renderPlainText(`http://${'.'.repeat(1_990)}x `.repeat(10_000));
  expect(html.match(/<a href/g)).toHaveLength(10_000);
});

test.each([
  ['tags', '<b>', 15_000],
  ['values of attributes', '<p a=1 b=2 c=3 d=4 e=5 f=6 g=7 h=8 i=9 j=0>', 7_500],
  ['character references', '&lt;', 150_000],
])('a mail with more %s than a letter has is not shown as HTML', (_, markup, most) => {
  expect(sanitiseHtml(markup.repeat(most), OPTIONS)).toBeDefined();
  expect(sanitiseHtml(markup.repeat(most + 1), OPTIONS)).toBeUndefined();
});

test('CSS is kept up to a budget, and what repeats counts once', () => {
  const many = (count: number, style: (index: number) => string): string => {
    const html = Array.from({ length: count }, (_, index) => `<b style="${style(index)}">x</b>`).join('');
    return sanitiseHtml(html, OPTIONS)?.html ?? '';
  };
  expect(many(7_000, () => 'color:red').match(/style="color:red"/g)).toHaveLength(7_000);
  const different = many(7_000, (index) => `color:rgb(1,2,3);width:${index}px;${'height:1px;'.repeat(4)}`);
  expect(different).toContain('width:1px');
  expect(different).not.toContain('width:6999px');
  expect(different.match(/x<\/b>/g)).toHaveLength(7_000);
});

test('style sheets share the budget', () => {
  const sheet = `<style>${'a{color:red}'.repeat(10_000)}</style>`;
  const { css } = sanitiseHtml(sheet.repeat(10), OPTIONS) ?? { css: '' };
  expect(css.length).toBeGreaterThan(200_000);
  expect(css.length).toBeLessThan(300_000);
});
