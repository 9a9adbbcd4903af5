/** Enhanced status codes (RFC 3463) and what the common ones mean in plain words. */

export interface EnhancedStatus {
  class: 2 | 4 | 5;
  subject: number;
  detail: number;
}

/** The code a reply's text begins with; undefined where it begins with none (RFC 3463 §2). */
export function parseEnhancedStatus(text: string): EnhancedStatus | undefined {
  const match = /^([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])/.exec(text);
  if (match === null) return undefined;
  return { class: Number(match[1]) as 2 | 4 | 5, subject: Number(match[2]), detail: Number(match[3]) };
}

const MEANINGS: Readonly<Record<string, string>> = {
  '1.0': 'The address was not accepted.',
  '1.1': 'There is no such mailbox.',
  '1.2': 'There is no such mail domain.',
  '1.3': 'The address is not written correctly.',
  '1.6': 'The mailbox has moved and left no new address.',
  '1.10': 'The domain does not accept mail.',
  '2.1': 'The mailbox is disabled and accepts no mail.',
  '2.2': 'The mailbox is full.',
  '2.3': 'The message is larger than the mailbox accepts.',
  '3.1': 'The mail system of the recipient is full.',
  '3.4': 'The message is larger than the mail system of the recipient accepts.',
  '4.1': 'The mail server of the recipient does not answer.',
  '4.3': 'The domain of the recipient could not be looked up.',
  '4.4': 'The domain of the recipient names no mail server that could be reached.',
  '4.6': 'The message went round in a loop.',
  '4.7': 'The message could not be delivered in the time allowed for it.',
  '6.7': 'The address needs internationalised mail, which the mail server of the recipient does not support.',
  '7.0': 'The mail server of the recipient refused the message by its policy.',
  '7.1': 'The mail server of the recipient refused the message by its policy.',
  '7.10': 'A secure connection required by the domain of the recipient could not be made.',
};

/** One sentence for people; undefined for codes without a better one than the server's reply. */
export function describeStatus({ subject, detail }: EnhancedStatus): string | undefined {
  return MEANINGS[`${subject}.${detail}`];
}
