/** RFC 5322 messages from plain descriptions, the same bytes for the same description. */
import { createHash } from 'node:crypto';
import type { Person } from '../types.ts';
import { charsetFor, type DemoCharset, encodeCharset } from './charset-encoder.ts';
import { encodePerson, encodeText, field } from './header.ts';
import { toBase64, toQuotedPrintable } from './transfer-encoder.ts';

export interface Attachment {
  filename: string;
  type: string;
  content: Buffer;
  /** Of a picture the HTML shows: its Content-ID. */
  cid?: string;
}

export interface Letter {
  from: Person;
  to: readonly Person[];
  cc?: readonly Person[];
  /** No Subject field without it. */
  subject?: string;
  date: Date;
  /** Without brackets. */
  messageId: string;
  /** Ancestors, oldest first, without brackets. */
  references?: readonly string[];
  text: string;
  html?: string;
  calendar?: string;
  attachments?: readonly Attachment[];
  charset?: DemoCharset;
  encoding?: 'quoted-printable' | 'base64' | '7bit' | '8bit';
  /** Further fields as they stand in the header. */
  extra?: readonly (readonly [name: string, value: string])[];
}

interface Entity {
  fields: string[];
  body: Buffer;
}

export function composeLetter(letter: Letter): Buffer {
  const { fields, body } = contentOf(letter);
  const header = [...headerFields(letter), 'MIME-Version: 1.0', ...fields];
  return Buffer.concat([Buffer.from(`${header.join('\r\n')}\r\n\r\n`), body]);
}

function headerFields(letter: Letter): string[] {
  const { charset, references = [] } = letter;
  const people = (list: readonly Person[]): string => list.map((person) => encodePerson(person, charset)).join(', ');
  const parent = references.at(-1);
  return [
    ...(letter.extra ?? []).map(([name, value]) => field(name, value)),
    field('Date', letter.date.toUTCString().replace('GMT', '+0000')),
    field('From', people([letter.from])),
    field('To', people(letter.to)),
    ...(letter.cc ? [field('Cc', people(letter.cc))] : []),
    ...(letter.subject === undefined ? [] : [field('Subject', encodeText(letter.subject, charset))]),
    field('Message-ID', `<${letter.messageId}>`),
    ...(parent === undefined
      ? []
      : [field('In-Reply-To', `<${parent}>`), field('References', references.map((id) => `<${id}>`).join(' '))]),
  ];
}

function contentOf(letter: Letter): Entity {
  const attachments = letter.attachments ?? [];
  const shown = attachments.filter(({ cid }) => cid !== undefined);
  const attached = attachments.filter(({ cid }) => cid === undefined);
  const html =
    letter.html === undefined
      ? undefined
      : wrapParts(letter, 'related', [textPart(letter, 'html', letter.html), ...shown.map(filePart)]);
  const calendar = letter.calendar === undefined ? [] : [calendarPart(letter.calendar)];
  const alternatives = [textPart(letter, 'plain', letter.text), ...(html ? [html] : []), ...calendar];
  return wrapParts(letter, 'mixed', [wrapParts(letter, 'alternative', alternatives), ...attached.map(filePart)]);
}

/** A multipart of several parts; a single one stands for itself. */
function wrapParts(letter: Letter, subtype: string, parts: readonly Entity[]): Entity {
  const [only, ...more] = parts;
  if (only !== undefined && more.length === 0) return only;
  const boundary = `=_${subtype}_${createHash('sha256').update(`${letter.messageId}${subtype}`).digest('hex').slice(0, 24)}`;
  const pieces = parts.flatMap(({ fields, body }) => [
    Buffer.from(`--${boundary}\r\n${fields.join('\r\n')}\r\n\r\n`),
    body,
    Buffer.from('\r\n'),
  ]);
  return {
    fields: [`Content-Type: multipart/${subtype};\r\n boundary="${boundary}"`],
    body: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
  };
}

function textPart(letter: Letter, subtype: 'plain' | 'html', text: string): Entity {
  const charset = charsetFor(text, letter.charset ?? 'utf-8');
  const { encoding = charset === 'iso-2022-jp' ? '7bit' : 'quoted-printable' } = letter;
  const bytes = encodeCharset(`${text.trim().replace(/\r?\n/g, '\r\n')}\r\n`, charset);
  return {
    fields: [`Content-Type: text/${subtype}; charset=${charset}`, `Content-Transfer-Encoding: ${encoding}`],
    body: encodeBody(bytes, encoding),
  };
}

function encodeBody(bytes: Buffer, encoding: string): Buffer {
  if (encoding === 'base64') return Buffer.from(toBase64(bytes));
  return encoding === 'quoted-printable' ? Buffer.from(toQuotedPrintable(bytes)) : bytes;
}

function calendarPart(calendar: string): Entity {
  return {
    fields: ['Content-Type: text/calendar; charset=utf-8; method=REQUEST', 'Content-Transfer-Encoding: base64'],
    body: Buffer.from(toBase64(Buffer.from(calendar))),
  };
}

function filePart({ filename, type, content, cid }: Attachment): Entity {
  const ascii = /^[\w.-]*$/.test(filename);
  const name = ascii ? `filename="${filename}"` : `filename*=utf-8''${encodeURIComponent(filename)}`;
  return {
    fields: [
      `Content-Type: ${type}`,
      'Content-Transfer-Encoding: base64',
      `Content-Disposition: ${cid === undefined ? 'attachment' : 'inline'};\r\n ${name}`,
      ...(cid === undefined ? [] : [`Content-ID: <${cid}>`]),
    ],
    body: Buffer.from(toBase64(content)),
  };
}
