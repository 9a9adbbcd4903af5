/** What a window begins with. */
import type { DraftContent } from '#server/webmail/compose/draft.ts';

export function emptyDraft(format: 'html' | 'plain'): DraftContent {
  return {
    from: null,
    to: [],
    cc: [],
    bcc: [],
    subject: '',
    format,
    body: '',
    quote: null,
    messageId: null,
    inReplyTo: null,
    references: [],
    attachments: [],
    answers: null,
    saved: null,
  };
}

/** The signature stands below the cursor and above the quotation. */
export function withSignature(draft: DraftContent, signature: string): DraftContent {
  if (signature === '') return draft;
  if (draft.format === 'html') return { ...draft, body: `<p></p><p></p><p>-- </p>${signature}` };
  const text =
    new DOMParser().parseFromString(signature.replace(/<\/p>|<br>/g, '\n'), 'text/html').body.textContent ?? '';
  return { ...draft, body: `\n\n-- \n${text.trim()}` };
}

/** Made when the window opens, so that every save and every try to send is of one message. `crypto.randomUUID` is missing without HTTPS. */
export function withMessageId(draft: DraftContent, address: string): DraftContent {
  if (draft.messageId !== null) return draft;
  const random = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0'));
  return { ...draft, messageId: `<${random.join('')}@${address.split('@').at(-1)}>` };
}
