import { defineSetting, wholeNumber } from '../define-setting.ts';

export const signInSettings = {
  'auth.sessionHours': defineSetting({
    schema: wholeNumber(1, 24 * 90),
    default: 24 * 7,
    title: 'Stay signed in for',
    description: 'A browser that was not used for this long has to sign in again.',
    unit: 'hours',
    area: 'sign-in',
  }),
  'auth.passwordLinkHours': defineSetting({
    schema: wholeNumber(1, 24 * 30),
    default: 72,
    title: 'Password links are good for',
    description: 'How long a new operator has to open the link and choose a password.',
    unit: 'hours',
    area: 'sign-in',
  }),
} as const;
