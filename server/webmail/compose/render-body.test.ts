import { expect, test } from 'vitest';
import { buildMessage } from './build-message.ts';
import { EMPTY_DRAFT } from './draft.ts';
import { renderDraftBody, splitDraftHtml } from './render-body.ts';

test('what is sent is cleaned, whatever the browser said', () => {
  const { html, text } = renderDraftBody({
    ...EMPTY_DRAFT,
    body: '<p onclick=x>Hi<script>y</script></p>',
    quote: '<blockquote>old<form></form></blockquote>',
  });
  expect(html).toBe(
    '<div class="ms-compose" dir="auto"><p>Hi</p></div><div class="ms-quote"><blockquote>old</blockquote></div>',
  );
  expect(text).toBe('Hi\n\n> old');
});

test('a draft is split where it was joined', () => {
  const draft = { ...EMPTY_DRAFT, body: '<p>a</p><p>b</p>', quote: '<div><div>x</div></div>' };
  expect(splitDraftHtml(renderDraftBody(draft).html ?? '')).toEqual({ body: draft.body, quote: draft.quote });
  expect(splitDraftHtml('<p>of another program</p>')).toEqual({ body: '<p>of another program</p>', quote: null });
});

test('plain text stays plain', () => {
  expect(
    renderDraftBody({ ...EMPTY_DRAFT, format: 'plain', body: 'a\r\n<b>', quote: '<blockquote>q</blockquote>' }),
  ).toEqual({ text: 'a\n<b>\n\n> q' });
});

test('no field can smuggle a header in', async () => {
  const bytes = await buildMessage(
    {
      from: { name: 'A"\r\nX-Evil: 1', address: 'a@x.example' },
      draft: { ...EMPTY_DRAFT, subject: 'S\r\nX-Evil: 1', to: [{ name: 'T\r\nX-Evil: 1', address: 't@x.example' }] },
      attachments: [
        {
          filename: 'f\r\nX-Evil: 1',
          contentType: 'text/x\r\nX-Evil: 1',
          contentId: null,
          marker: 'm',
          content: Buffer.from('x'),
        },
      ],
      messageId: '<1@x.example>',
      date: new Date(0),
    },
    'recipients',
  );
  expect(bytes.toString()).not.toMatch(/^X-Evil/m);
});
