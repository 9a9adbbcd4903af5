import { defineSetting, onOrOff, wholeNumber } from '../define-setting.ts';

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
  'auth.allowClearOnLoopback': defineSetting({
    schema: onOrOff,
    default: false,
    title: 'Sign-in without TLS on this machine',
    description:
      'Programs on the mail server itself may sign in over an unencrypted connection to its loopback address. Everybody else always needs TLS.',
    unit: 'switch',
    area: 'sign-in',
  }),
  'auth.cramMd5': defineSetting({
    schema: onOrOff,
    default: false,
    title: 'Offer CRAM-MD5',
    description:
      'For old mail programs. Needs a key in the database that is worth as much as the password, so it works only for passwords set while this is on; turning it off removes the keys.',
    unit: 'switch',
    area: 'sign-in',
  }),
} as const;
