import { z } from 'zod';
import { defineSetting, listOf, oneOf, wholeNumber } from '../define-setting.ts';

const BLOCK_REPLIES = { later: 'For now (451)', final: 'For good (553)' } as const;

const zoneInput = z
  .string()
  .trim()
  .toLowerCase()
  .max(200, 'This is too long for a zone of the DNS.')
  .regex(/^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, {
    error: ({ input }) => `“${String(input)}” is no zone of the DNS: write it like zen.spamhaus.org.`,
  });

const zoneList = listOf(zoneInput).refine((zones) => zones.length <= 20, 'Enter at most 20 lists.');

export const relayingSettings = {
  'smtp.blockLists': defineSetting({
    schema: zoneList,
    default: [],
    title: 'DNS block lists',
    description:
      'Asked about every SMTP client as it connects, as rblsmtpd did; one that is listed may send nothing. Access rules can skip them (RBLSMTPD="").',
    unit: 'list',
    area: 'smtp',
  }),
  'smtp.allowLists': defineSetting({
    schema: zoneList,
    default: [],
    title: 'DNS allow lists',
    description: 'A client on one of these is served whatever the block lists say.',
    unit: 'list',
    area: 'smtp',
  }),
  'smtp.blockListReply': defineSetting({
    schema: oneOf(BLOCK_REPLIES),
    default: 'later',
    choices: BLOCK_REPLIES,
    title: 'Listed clients are refused',
    description:
      'For now, as rblsmtpd does, lets mail through once an entry is gone. For good tells its sender at once.',
    unit: 'choice',
    area: 'smtp',
  }),
  'smtp.popBeforeSmtpMinutes': defineSetting({
    schema: wholeNumber(1, 24 * 60),
    default: 180,
    title: 'POP-before-SMTP lasts for',
    description:
      'How long a sign-in to POP3 or IMAP opens relaying for its address, in domains that have it on. Each further sign-in begins the time anew.',
    unit: 'minutes',
    area: 'smtp',
  }),
} as const;
