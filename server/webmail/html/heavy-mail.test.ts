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

test('CSS is kept up to a budget, and what repeats counts once', () => {
  const many = (count: number, style: (index: number) => string): string => {
    const html = Array.from({ length: count }, (_, index) => `<b style="${style(index)}">x</b>`).join('');
    return sanitiseHtml(html, OPTIONS)?.html ?? '';
  };
  expect(many(20_000, () => 'color:red').match(/style="color:red"/g)).toHaveLength(20_000);
  const different = many(40_000, (index) => `color:rgb(1,2,3);width:${index}px`);
  expect(different).toContain('width:1px');
  expect(different).not.toContain('width:39999px');
  expect(different.match(/x<\/b>/g)).toHaveLength(40_000);
});

test('style sheets share the budget', () => {
  const sheet = `<style>${'a{color:red}'.repeat(10_000)}</style>`;
  const { css } = sanitiseHtml(sheet.repeat(10), OPTIONS) ?? { css: '' };
  expect(css.length).toBeGreaterThan(200_000);
  expect(css.length).toBeLessThan(600_000);
});
