/** The block that introduces and holds the answered or forwarded message. */
import { escapeHtml } from '../html/plain-text.ts';
import type { OpenedMessage, Person } from '../types.ts';

function formatPerson({ name, address }: Person): string {
  return escapeHtml(name === '' ? address : `${name} <${address}>`);
}

function formatPeople(people: readonly Person[]): string {
  return people.map(formatPerson).join(', ');
}

function formatDate(date: string, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(new Date(date));
}

/** `On 21 Nov 2026, 14:03, Ana <ana@…> wrote:` over the quotation. `html` must be sanitised. */
export function quoteReply(message: OpenedMessage, html: string, timeZone: string): string {
  const [author] = message.from;
  const who = author ? formatPerson(author) : 'somebody';
  return `<p>On ${formatDate(message.date, timeZone)}, ${who} wrote:</p><blockquote type="cite" style="margin:0 0 0 8px;padding-left:12px;border-left:2px solid #c9cdd6">${html}</blockquote>`;
}

/** The forwarded message under its own header, unindented so that it keeps its layout. */
export function quoteForward(message: OpenedMessage, html: string, timeZone: string): string {
  const fields: [string, string][] = [
    ['From', formatPeople(message.from)],
    ['Date', formatDate(message.date, timeZone)],
    ['Subject', escapeHtml(message.subject)],
    ['To', formatPeople(message.to)],
    ...(message.cc.length > 0 ? [['Cc', formatPeople(message.cc)] satisfies [string, string]] : []),
  ];
  const header = fields.map(([name, value]) => `<b>${name}:</b> ${value}<br>`).join('');
  return `<p>---------- Forwarded message ----------<br>${header}</p>${html}`;
}
