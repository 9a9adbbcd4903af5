import { defineSetting, wholeNumber } from '../define-setting.ts';

export const connectionsSettings = {
  'connections.maxPerService': defineSetting({
    schema: wholeNumber(1, 100_000),
    default: 200,
    title: 'Connections per service',
    description: 'How many clients each of SMTP, submission, IMAP and POP3 serves at a time.',
    unit: 'count',
    area: 'connections',
  }),
  'connections.maxPerAddress': defineSetting({
    schema: wholeNumber(1, 10_000),
    default: 50,
    title: 'Connections per client address',
    description:
      'How many connections one address may hold to a service. Several mail programs often share one address.',
    unit: 'count',
    area: 'connections',
  }),
} as const;
