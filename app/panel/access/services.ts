import type { AccessService } from '#server/access-rules/types.ts';

/** The tabs, in order; the first is where `/panel/access` leads. */
export const SERVICE_LABELS: Readonly<Record<AccessService, string>> = {
  smtp: 'SMTP',
  submission: 'Submission',
  imap: 'IMAP',
  pop3: 'POP3',
};

export function isAccessService(text: string): text is AccessService {
  return Object.hasOwn(SERVICE_LABELS, text);
}
