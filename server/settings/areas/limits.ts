import { defineSetting, wholeNumber } from '../define-setting.ts';

const MAX = 10_000_000;

function sendLimit(title: string, value: number, description: string) {
  return defineSetting({
    schema: wholeNumber(0, MAX),
    default: value,
    title,
    description,
    unit: 'count',
    area: 'limits',
  });
}

const EACH_MAILBOX =
  'For every mailbox that has no limit of its own. What is over it is held, not refused. 0 is no limit.';
const EACH_DOMAIN =
  'For all mailboxes of a domain and its forwards together, where it has no limit of its own. 0 is no limit.';
const EACH_RESELLER = 'For all domains of a reseller together, where there is no limit of its own. 0 is no limit.';

export const limitsSettings = {
  'limits.accountMessagesPerHour': sendLimit('Mailbox: messages per hour', 500, EACH_MAILBOX),
  'limits.accountMessagesPerDay': sendLimit('Mailbox: messages per day', 2_000, EACH_MAILBOX),
  'limits.accountRecipientsPerHour': sendLimit('Mailbox: recipients per hour', 2_000, EACH_MAILBOX),
  'limits.accountRecipientsPerDay': sendLimit('Mailbox: recipients per day', 10_000, EACH_MAILBOX),
  'limits.accountFirstTimePerDay': sendLimit(
    'Mailbox: first-time recipients per day',
    1_000,
    'Addresses the mailbox has never written to: where a stolen password shows first. 0 is no limit.',
  ),
  'limits.domainMessagesPerHour': sendLimit('Domain: messages per hour', 5_000, EACH_DOMAIN),
  'limits.domainMessagesPerDay': sendLimit('Domain: messages per day', 20_000, EACH_DOMAIN),
  'limits.domainRecipientsPerHour': sendLimit('Domain: recipients per hour', 20_000, EACH_DOMAIN),
  'limits.domainRecipientsPerDay': sendLimit('Domain: recipients per day', 100_000, EACH_DOMAIN),
  'limits.domainFirstTimePerDay': sendLimit('Domain: first-time recipients per day', 10_000, EACH_DOMAIN),
  'limits.resellerMessagesPerHour': sendLimit('Reseller: messages per hour', 0, EACH_RESELLER),
  'limits.resellerMessagesPerDay': sendLimit('Reseller: messages per day', 0, EACH_RESELLER),
  'limits.resellerRecipientsPerHour': sendLimit('Reseller: recipients per hour', 0, EACH_RESELLER),
  'limits.resellerRecipientsPerDay': sendLimit('Reseller: recipients per day', 0, EACH_RESELLER),
  'limits.resellerFirstTimePerDay': sendLimit('Reseller: first-time recipients per day', 0, EACH_RESELLER),
  'limits.heldMessages': defineSetting({
    schema: wholeNumber(1, 1_000_000),
    default: 1_000,
    title: 'Held messages per mailbox',
    description:
      'A mailbox, or a domain by its forwards, over its limits may add so many to what is held; more is refused for the time being.',
    unit: 'count',
    area: 'limits',
  }),
  'limits.heldBytes': defineSetting({
    schema: wholeNumber(1024 * 1024, 1024 ** 4),
    default: 1024 ** 3,
    title: 'Held mail per mailbox',
    description: 'The same by size.',
    unit: 'bytes',
    area: 'limits',
  }),
} as const;
