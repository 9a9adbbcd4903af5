/** What a rule's variable does, in words for people; null where the number it should hold is none. */
import type { AccessService } from '../types.ts';

const NUMBERS: Readonly<Record<string, (value: number) => string>> = {
  DATABYTES: (value) =>
    value === 0
      ? 'Messages of any size are taken.'
      : `Messages of at most ${value.toLocaleString('en')} bytes are taken.`,
  TARPITCOUNT: (value) =>
    value === 0
      ? 'Recipients are answered at once.'
      : `After ${value} recipients of a message every further one waits.`,
  TARPITDELAY: (value) => `Each recipient beyond TARPITCOUNT waits ${value} seconds.`,
  CHKUSER_RCPTLIMIT: (value) =>
    value === 0 ? 'Any number of recipients in a connection.' : `The ${value}th recipient of a connection is refused.`,
  CHKUSER_WRONGRCPTLIMIT: (value) =>
    value === 0 ? 'Any number of unknown recipients.' : `After ${value} unknown recipients all others are refused.`,
  CHKUSER_MBXQUOTA: (value) => `Mailboxes filled to ${value} % take nothing more from this client.`,
};

const TEXTS: Readonly<Record<string, (value: string) => string>> = {
  RELAYCLIENT: (value) =>
    value === ''
      ? 'May send mail to any domain without signing in.'
      : `May send mail to any domain without signing in; “${value}” is added to every recipient.`,
  RBLSMTPD: (value) => {
    if (value === '') return 'The block lists are not asked about this client.';
    if (value.startsWith('-')) return `All mail is refused for good: 553 ${value.slice(1)}`;
    return `All mail is refused for now: 451 ${value}`;
  },
  CHKUSER_START: (value) =>
    value.toUpperCase() === 'NONE' ? 'Recipients are not counted against limits.' : 'Recipients are checked.',
  CHKUSER_IDENTIFY: (value) => `The log names this client “${value}”.`,
  CHKUSER_MUSTAUTH: () => 'Recipients are taken only after sign-in.',
  CHKUSER_DOUBLEBOUNCE: () => 'The double-bounce sender #@[] is taken.',
  CHKUSER_SENDER_NOCHECK: () => "The sender's domain is not checked.",
};

const SMTP_ONLY: ReadonlySet<string> = new Set([...Object.keys(NUMBERS), ...Object.keys(TEXTS)]);

export function describeVariable(service: AccessService, name: string, value: string): string | null {
  const words = TEXTS[name];
  if (SMTP_ONLY.has(name) && service !== 'smtp' && service !== 'submission') return 'Has no effect on this service.';
  if (words) return words(value);
  const counted = NUMBERS[name];
  if (counted === undefined) return "Recorded in the trace of this client's messages.";
  return /^\d+/.test(value) ? counted(Number.parseInt(value, 10)) : null;
}
