/** An automatic answer as bytes (RFC 3834 §3): a plain text message that says of itself that no person wrote it. Pure. */
import { decodeHeaderValue } from '#engine/wire/mime/encoded-words.ts';
import { findHeaderValues } from '#engine/wire/mime/header-fields.ts';
import { formatDateTime } from '#engine/wire/smtp/received.ts';

interface AnswerOptions {
  /** The responder's address, and the reverse-path of what it answers: as header fields write them. */
  from: string;
  to: string;
  /** Empty: that of the message, after "Auto:". */
  subject: string;
  body: string;
  /** Header of the message that is answered. */
  header: Buffer;
  /** With its brackets. */
  messageId: string;
  date: Date;
}

const MAX_SUBJECT = 200;
/** An encoded-word has 75 characters at most (RFC 2047 §2): 45 bytes in base64, and its frame. */
const WORD_BYTES = 45;
const MESSAGE_ID = /^<[^<>\s]{1,250}>$/;
const PLAIN = /^[\x20-\x7e]*$/;

/** Text in lines of a header: as it is where that is plain and short, else in encoded-words that never cut a character. */
function encodeText(text: string): string {
  if (PLAIN.test(text) && text.length <= 60 && !text.includes('=?')) return text;
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    if (Buffer.byteLength(word + character) > WORD_BYTES) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  return [...words, word].map((each) => `=?utf-8?B?${Buffer.from(each).toString('base64')}?=`).join('\r\n ');
}

function oneLine(text: string): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return [...line].slice(0, MAX_SUBJECT).join('');
}

function subjectOf({ subject, header }: AnswerOptions): string {
  if (subject !== '') return oneLine(subject);
  const [original = ''] = findHeaderValues(header, 'subject');
  return `Auto: ${oneLine(decodeHeaderValue(original))}`.trim();
}

function references({ header }: AnswerOptions): string {
  const [original = ''] = findHeaderValues(header, 'message-id');
  return MESSAGE_ID.test(original) ? `In-Reply-To: ${original}\r\nReferences: ${original}\r\n` : '';
}

function encodeBody(body: string): { encoding: string; text: string } {
  const text = body.toWellFormed().replaceAll(/\r\n|\r|\n/g, '\r\n');
  const isPlain = text.split('\r\n').every((line) => PLAIN.test(line) && line.length <= 76);
  if (isPlain) return { encoding: '7bit', text: `${text}\r\n` };
  const lines =
    Buffer.from(`${text}\r\n`)
      .toString('base64')
      .match(/.{1,76}/g) ?? [];
  return { encoding: 'base64', text: `${lines.join('\r\n')}\r\n` };
}

export function composeAnswer(options: AnswerOptions): Buffer {
  const { encoding, text } = encodeBody(options.body);
  const fields = [
    `Date: ${formatDateTime(options.date)}\r\n`,
    `From: <${options.from}>\r\n`,
    `To: <${options.to}>\r\n`,
    `Subject: ${encodeText(subjectOf(options))}\r\n`,
    `Message-ID: ${options.messageId}\r\n`,
    references(options),
    'Auto-Submitted: auto-replied\r\n',
    'MIME-Version: 1.0\r\n',
    'Content-Type: text/plain; charset=utf-8\r\n',
    `Content-Transfer-Encoding: ${encoding}\r\n`,
    '\r\n',
  ];
  return Buffer.from(fields.join('') + text);
}
