import { defineSetting, onOrOff, wholeNumber } from '../define-setting.ts';

const MIB = 1024 * 1024;

export const mailSettings = {
  'mail.maxMessageBytes': defineSetting({
    schema: wholeNumber(64 * 1024, 1024 * MIB),
    default: 50 * MIB,
    title: 'Largest message',
    description: 'Messages above this size are refused, incoming and outgoing. Announced by SMTP as SIZE.',
    unit: 'bytes',
    area: 'mail',
  }),
  'mail.maxRecipients': defineSetting({
    schema: wholeNumber(1, 10_000),
    default: 100,
    title: 'Recipients per message',
    description: 'How many recipients one SMTP transaction may name. RFC 5321 asks for at least 100.',
    unit: 'count',
    area: 'mail',
  }),
  'mail.restoreDays': defineSetting({
    schema: wholeNumber(0, 365),
    default: 30,
    title: 'Deleted mailboxes and domains can be restored for',
    description:
      'After this time they and their mail are removed for good. A change applies to what is deleted from then on.',
    unit: 'days',
    area: 'mail',
  }),
  'mail.submissionChecksFrom': defineSetting({
    schema: onOrOff,
    default: true,
    title: 'Senders write under their own addresses only',
    description:
      'The From and Sender fields of a submitted message must name addresses of the account, or addresses it may send as.',
    unit: 'switch',
    area: 'mail',
  }),
  'mail.futureReleaseDays': defineSetting({
    schema: wholeNumber(0, 365),
    default: 30,
    title: 'Mail may be scheduled ahead for',
    description: 'How far ahead a mail program may have a message sent later by the server. 0 does not offer it.',
    unit: 'days',
    area: 'mail',
  }),
} as const;
