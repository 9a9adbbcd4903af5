/** The part people read: what happened to which address, why, and what they can do. */
import { dateTime, oneLine, wrap } from './field-text.ts';
import { describeStatus, parseEnhancedStatus } from './status.ts';
import { statusOf } from './status-part.ts';
import type { DsnAction, DsnOptions, DsnRecipient } from './types.ts';

const SUBJECTS: Readonly<Record<DsnAction, string>> = {
  failed: 'Your message could not be delivered',
  delayed: 'Your message is delayed',
  delivered: 'Your message was delivered',
  relayed: 'Your message was passed on',
  expanded: 'Your message was passed on',
};

const HEADINGS: Readonly<Record<DsnAction, string>> = {
  failed: 'It could not be delivered to:',
  delayed: 'It could not be delivered yet to:',
  delivered: 'It was delivered to:',
  relayed: 'It was passed on to a mail system that will not report further, for:',
  expanded: 'It was passed on to those who read mail for:',
};

const ADVICE: Readonly<Record<DsnAction, string>> = {
  failed: 'Nothing more will be tried for these addresses. Check them, and send the message again if it still matters.',
  delayed: 'You need do nothing now: delivery will be tried again.',
  delivered: 'You asked to be told of this. You need do nothing.',
  relayed: 'You asked to be told of this. You need do nothing.',
  expanded: 'You asked to be told of this. You need do nothing.',
};

/** Worst first: it gives the subject. */
const ACTIONS: readonly DsnAction[] = ['failed', 'delayed', 'relayed', 'expanded', 'delivered'];

export function subjectOf(recipients: readonly DsnRecipient[]): string {
  const worst = ACTIONS.find((action) => recipients.some((recipient) => recipient.action === action));
  return SUBJECTS[worst ?? 'failed'];
}

export function humanPart(options: DsnOptions): string {
  const intro = `This is the mail system at ${oneLine(options.reportingMta, true)}, about the message you sent. It arrived here on ${dateTime(options.arrival)}.`;
  const sections = ACTIONS.flatMap((action) => {
    const recipients = options.recipients.filter((recipient) => recipient.action === action);
    if (recipients.length === 0) return [];
    return [HEADINGS[action], ...recipients.map(recipientText), ADVICE[action]];
  });
  const what = options.original.kind === 'message' ? 'Your message' : 'The header of your message';
  const outro = `A report for programs follows, then: ${what.toLowerCase()}.`;
  return [intro, ...sections, outro].map((text) => text.split('\n').map(wrapLine).join('\r\n')).join('\r\n\r\n');
}

function wrapLine(line: string): string {
  const indent = line.startsWith('  ') ? '    ' : '';
  return `${indent === '' ? '' : '  '}${wrap(line.trim(), `\r\n${indent}`)}`;
}

function recipientText(recipient: DsnRecipient): string {
  const lines = [`  <${oneLine(recipient.finalRecipient, true)}>`];
  const status = parseEnhancedStatus(statusOf(recipient));
  const meaning = status === undefined || status.class === 2 ? undefined : describeStatus(status);
  if (meaning !== undefined) lines.push(`  ${meaning}`);
  const said = recipient.diagnosticCode ? oneLine(recipient.diagnosticCode, true) : '';
  const server = recipient.remoteMta ? oneLine(recipient.remoteMta, true) : 'The mail server of the recipient';
  if (said !== '') lines.push(`  ${server} said: ${said}`);
  else if (recipient.reason) lines.push(`  ${oneLine(recipient.reason, true)}`);
  if (recipient.action === 'delayed' && recipient.willRetryUntil) {
    lines.push(`  It will be tried until ${dateTime(recipient.willRetryUntil)}.`);
  }
  return lines.join('\n');
}
