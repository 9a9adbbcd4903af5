/** What holds for a service until an admin saves rules of its own: everybody may connect, nobody may relay without signing in. */
import type { AccessService } from './types.ts';

const TITLES: Readonly<Record<AccessService, string>> = {
  smtp: 'SMTP, port 25: mail from other servers',
  submission: 'submission, ports 587 and 465: mail from our users, webmail among them',
  imap: 'IMAP, ports 143 and 993: mail programs and webmail',
  pop3: 'POP3, ports 110 and 995: mail programs',
};

export const ACCESS_SERVICES = Object.keys(TITLES) as [AccessService, ...AccessService[]];

export function defaultRules(service: AccessService): string {
  return `# Who may connect to ${TITLES[service]}.
# One rule a line, ADDRESS:allow or ADDRESS:deny. The most exact address decides.
127.0.0.1:allow
[::1]:allow
:allow
`;
}
