/**
 * A delivery status notification as bytes: multipart/report with the human part, the report and the original (RFC 3464,
 * RFC 6522). Lines end in CRLF and none of ours is over 998 octets. The original streams between `head` and `tail`.
 */
import { dateTime, headerField, oneLine } from './field-text.ts';
import { humanPart, subjectOf } from './human-part.ts';
import { statusPart } from './status-part.ts';
import type { DsnFrame, DsnOptions } from './types.ts';

/** Throws RangeError for no recipients or a boundary that is none: both are the caller's faults. */
export function composeDsn(options: DsnOptions): DsnFrame {
  if (options.recipients.length === 0) throw new RangeError('a notification needs a recipient to speak of');
  if (!/^[0-9A-Za-z'()+_,./:=?-]{1,70}$/.test(options.boundary)) throw new RangeError('not a MIME boundary');
  const utf8 = options.smtpUtf8 ?? false;
  const delimiter = `--${options.boundary}\r\n`;
  const human = `${humanPart(options)}\r\n`;
  const head = [
    messageHeader(options, utf8),
    `${delimiter}Content-Description: Notification\r\nContent-Type: text/plain; charset=utf-8\r\n`,
    `Content-Transfer-Encoding: ${transferEncoding(human)}\r\n\r\n${human}\r\n`,
    delimiter,
    statusHeader(utf8),
    `${statusPart(options)}\r\n`,
    delimiter,
    originalHeader(options, utf8),
  ];
  return { head: Buffer.from(head.join('')), tail: Buffer.from(`\r\n--${options.boundary}--\r\n`) };
}

function messageHeader(options: DsnOptions, utf8: boolean): string {
  const reference = options.originalMessageId ? oneLine(options.originalMessageId, utf8) : undefined;
  return [
    headerField('Date', dateTime(options.date)),
    headerField('From', oneLine(options.from, utf8)),
    headerField('To', oneLine(options.to, utf8)),
    headerField('Subject', subjectOf(options.recipients)),
    headerField('Message-ID', oneLine(options.messageId, utf8)),
    reference === undefined ? '' : headerField('In-Reply-To', reference) + headerField('References', reference),
    headerField('Auto-Submitted', 'auto-replied'),
    'MIME-Version: 1.0\r\n',
    `Content-Type: multipart/report; report-type=delivery-status;\r\n boundary="${options.boundary}"\r\n`,
    '\r\n',
  ].join('');
}

function statusHeader(utf8: boolean): string {
  const type = utf8 ? 'message/global-delivery-status\r\nContent-Transfer-Encoding: 8bit' : 'message/delivery-status';
  return `Content-Description: Delivery report\r\nContent-Type: ${type}\r\n\r\n`;
}

function originalHeader({ original }: DsnOptions, utf8: boolean): string {
  const isMessage = original.kind === 'message';
  const plain = isMessage ? 'message/rfc822' : 'text/rfc822-headers';
  const global = isMessage ? 'message/global' : 'message/global-headers';
  const encoding = original.eightBit || utf8 ? 'Content-Transfer-Encoding: 8bit\r\n' : '';
  const description = isMessage ? 'Original message' : 'Header of the original message';
  return `Content-Description: ${description}\r\nContent-Type: ${utf8 ? global : plain}\r\n${encoding}\r\n`;
}

function transferEncoding(text: string): '7bit' | '8bit' {
  return /^[\x20-\x7e\r\n]*$/.test(text) ? '7bit' : '8bit';
}
