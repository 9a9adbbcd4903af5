import { z } from 'zod';
import { addressOrNone, defineSetting, listOf, oneOf, onOrOff, wholeNumber } from '../define-setting.ts';

const FULL_MAILBOX = {
  later: 'For now: the sender tries again',
  bounce: 'For good: the sender is told at once',
} as const;

const separator = z.string().regex(/^[-+_=#~]$/, 'Use one of + - _ = # ~ on each line.');

export const recipientCheckSettings = {
  'smtp.postmaster': defineSetting({
    schema: addressOrNone,
    default: '',
    title: 'Postmaster',
    description:
      'Gets what others write to this server’s postmaster, and to postmaster@ a domain where neither that address nor a catch-all takes it. Every mail server has to have one: enter an address somebody reads, here or elsewhere.',
    unit: 'address',
    area: 'smtp',
  }),
  'smtp.extensionSeparators': defineSetting({
    schema: listOf(separator),
    default: ['+'],
    title: 'Extension addresses',
    description:
      'Mail for name+anything goes to name. Which characters separate the two, one a line; none: there are no extensions.',
    unit: 'list',
    area: 'smtp',
  }),
  'smtp.maxWrongRecipients': defineSetting({
    schema: wholeNumber(0, 100_000),
    default: 20,
    title: 'Unknown recipients per session',
    description:
      'A client that has named this many addresses that do not exist is slowed down, refused and disconnected. 0: never.',
    unit: 'count',
    area: 'smtp',
  }),
  'smtp.maxSessionRecipients': defineSetting({
    schema: wholeNumber(0, 1_000_000),
    default: 0,
    title: 'Recipients per session',
    description:
      'A client that names this many recipients in one connection, over all its messages, is refused. 0: never.',
    unit: 'count',
    area: 'smtp',
  }),
  'smtp.fullMailbox': defineSetting({
    schema: oneOf(FULL_MAILBOX),
    choices: FULL_MAILBOX,
    default: 'later',
    title: 'Mail for a full mailbox is refused',
    description: 'Most mail servers try again for some days, so mail arrives once there is room.',
    unit: 'choice',
    area: 'smtp',
  }),
  'smtp.checkSenderDomain': defineSetting({
    schema: onOrOff,
    default: false,
    title: 'Senders need a domain that takes mail',
    description:
      'Mail from strangers whose domain does not exist or has no mail server is refused, for it could not be answered.',
    unit: 'switch',
    area: 'smtp',
  }),
  'smtp.logAcceptedRecipients': defineSetting({
    schema: onOrOff,
    default: true,
    title: 'Log accepted recipients',
    description: 'One line for each recipient taken, in chkuser’s format. Refused ones are always logged.',
    unit: 'switch',
    area: 'smtp',
  }),
  'limits.receivedPerHour': defineSetting({
    schema: wholeNumber(0, 1_000_000),
    default: 0,
    title: 'Messages a mailbox takes per hour',
    description:
      'More are refused for now, as a protection from floods. Each mailbox may have a number of its own. 0: any number.',
    unit: 'count',
    area: 'limits',
  }),
  'limits.receivedPerDay': defineSetting({
    schema: wholeNumber(0, 10_000_000),
    default: 0,
    title: 'Messages a mailbox takes per day',
    description: 'As per hour, over a day. 0: any number.',
    unit: 'count',
    area: 'limits',
  }),
} as const;
