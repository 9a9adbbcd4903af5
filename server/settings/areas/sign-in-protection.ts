import { defineSetting, wholeNumber } from '../define-setting.ts';

export const signInProtectionSettings = {
  'auth.banFailures': defineSetting({
    schema: wholeNumber(5, 1_000),
    default: 20,
    title: 'Ban a network after',
    description:
      'So many failed sign-ins from one address (IPv6: one /64) within hours ban it. Those at logins that have signed in from there before do not count.',
    unit: 'count',
    area: 'sign-in',
  }),
  'auth.banMinutes': defineSetting({
    schema: wholeNumber(1, 24 * 60),
    default: 10,
    title: 'The first ban lasts',
    description: 'Every further ban of the same network within a week lasts twice as long.',
    unit: 'minutes',
    area: 'sign-in',
  }),
  'auth.banMaxHours': defineSetting({
    schema: wholeNumber(1, 24 * 30),
    default: 24,
    title: 'A ban lasts at most',
    description: 'Bans made by hand last as long as you say.',
    unit: 'hours',
    area: 'sign-in',
  }),
} as const;
