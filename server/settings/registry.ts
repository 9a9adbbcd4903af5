/**
 * Every run-time setting: its type, its default, and the words the panel shows. A row in `setting` exists only where an admin
 * chose something else. What needs a restart or belongs to one machine is configuration (`server/config.ts`), not here.
 */
import { z } from 'zod';

export type SettingUnit = 'bytes' | 'hours' | 'days' | 'count' | 'switch';
export type SettingArea = 'mail' | 'queue' | 'connections' | 'sign-in' | 'audit';

interface SettingDefinition<Schema extends z.ZodType> {
  schema: Schema;
  default: z.output<Schema>;
  title: string;
  description: string;
  unit: SettingUnit;
  area: SettingArea;
}

function define<Schema extends z.ZodType>(definition: SettingDefinition<Schema>): SettingDefinition<Schema> {
  return definition;
}

const MIB = 1024 * 1024;

function whole(min: number, max: number) {
  const text = `Enter a whole number from ${min.toLocaleString('en')} to ${max.toLocaleString('en')}.`;
  return z.number({ error: text }).int(text).min(min, text).max(max, text);
}

const onOrOff = z.boolean({ error: 'Choose on or off.' });

export const SETTINGS = {
  'mail.maxMessageBytes': define({
    schema: whole(64 * 1024, 1024 * MIB),
    default: 50 * MIB,
    title: 'Largest message',
    description: 'Messages above this size are refused, incoming and outgoing. Announced by SMTP as SIZE.',
    unit: 'bytes',
    area: 'mail',
  }),
  'mail.maxRecipients': define({
    schema: whole(1, 10_000),
    default: 100,
    title: 'Recipients per message',
    description: 'How many recipients one SMTP transaction may name. RFC 5321 asks for at least 100.',
    unit: 'count',
    area: 'mail',
  }),
  'mail.restoreDays': define({
    schema: whole(0, 365),
    default: 30,
    title: 'Deleted mailboxes and domains can be restored for',
    description:
      'After this time they and their mail are removed for good. A change applies to what is deleted from then on.',
    unit: 'days',
    area: 'mail',
  }),
  'mail.submissionRequiresTls': define({
    schema: onOrOff,
    default: true,
    title: 'Sign-in only over TLS',
    description:
      'Mail programs must encrypt the connection before they may send a password. Turn off for closed test networks only.',
    unit: 'switch',
    area: 'mail',
  }),
  'queue.expiryHours': define({
    schema: whole(1, 24 * 30),
    default: 120,
    title: 'Give up delivery after',
    description: 'Mail that could not be delivered for this long is returned to its sender.',
    unit: 'hours',
    area: 'queue',
  }),
  'queue.delayWarningHours': define({
    schema: whole(0, 24 * 30),
    default: 4,
    title: 'Warn the sender of a delay after',
    description: 'The sender is told once that delivery is still being tried. 0 sends no warnings.',
    unit: 'hours',
    area: 'queue',
  }),
  'queue.allowPrivateDestinations': define({
    schema: onOrOff,
    default: false,
    title: 'Deliver to private networks',
    description:
      'Allows remote delivery to loopback and private addresses. Leave off where anybody may choose recipients.',
    unit: 'switch',
    area: 'queue',
  }),
  'connections.maxPerService': define({
    schema: whole(1, 100_000),
    default: 200,
    title: 'Connections per service',
    description: 'How many clients each of SMTP, submission, IMAP and POP3 serves at a time.',
    unit: 'count',
    area: 'connections',
  }),
  'connections.maxPerAddress': define({
    schema: whole(1, 10_000),
    default: 50,
    title: 'Connections per client address',
    description:
      'How many connections one address may hold to a service. Several mail programs often share one address.',
    unit: 'count',
    area: 'connections',
  }),
  'auth.sessionHours': define({
    schema: whole(1, 24 * 90),
    default: 24 * 7,
    title: 'Stay signed in for',
    description: 'A browser that was not used for this long has to sign in again.',
    unit: 'hours',
    area: 'sign-in',
  }),
  'auth.passwordLinkHours': define({
    schema: whole(1, 24 * 30),
    default: 72,
    title: 'Password links are good for',
    description: 'How long a new operator has to open the link and choose a password.',
    unit: 'hours',
    area: 'sign-in',
  }),
  'audit.keepDays': define({
    schema: whole(1, 3_650),
    default: 365,
    title: 'Keep the audit log for',
    description: 'Older entries are removed.',
    unit: 'days',
    area: 'audit',
  }),
} as const;

export type SettingKey = keyof typeof SETTINGS;
export type SettingValues = { readonly [Key in SettingKey]: z.output<(typeof SETTINGS)[Key]['schema']> };

export const SETTING_KEYS = Object.keys(SETTINGS) as SettingKey[];

export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(SETTINGS, key);
}
