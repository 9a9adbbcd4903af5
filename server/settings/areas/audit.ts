import { defineSetting, wholeNumber } from '../define-setting.ts';

export const auditSettings = {
  'audit.keepDays': defineSetting({
    schema: wholeNumber(1, 3_650),
    default: 365,
    title: 'Keep the audit log for',
    description: 'Older entries are removed.',
    unit: 'days',
    area: 'audit',
  }),
} as const;
