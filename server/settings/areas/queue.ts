import { defineSetting, onOrOff, wholeNumber } from '../define-setting.ts';

export const queueSettings = {
  'queue.expiryHours': defineSetting({
    schema: wholeNumber(1, 24 * 30),
    default: 120,
    title: 'Give up delivery after',
    description: 'Mail that could not be delivered for this long is returned to its sender.',
    unit: 'hours',
    area: 'queue',
  }),
  'queue.delayWarningHours': defineSetting({
    schema: wholeNumber(0, 24 * 30),
    default: 4,
    title: 'Warn the sender of a delay after',
    description: 'The sender is told once that delivery is still being tried. 0 sends no warnings.',
    unit: 'hours',
    area: 'queue',
  }),
  'queue.allowPrivateDestinations': defineSetting({
    schema: onOrOff,
    default: false,
    title: 'Deliver to private networks',
    description:
      'Allows remote delivery to loopback and private addresses. Leave off where anybody may choose recipients.',
    unit: 'switch',
    area: 'queue',
  }),
} as const;
