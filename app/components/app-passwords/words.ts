import type { AppPasswordView } from '#server/app-passwords/app-password-view.ts';

type Scope = AppPasswordView['scopes'][number];
type Refused = NonNullable<AppPasswordView['lastRefused']>;

/** What a password may be used for, as its maker chooses it. */
export const SCOPE_CHOICES: readonly { value: Scope; label: string }[] = [
  { value: 'imap', label: 'Read mail (IMAP)' },
  { value: 'smtp', label: 'Send mail (SMTP)' },
  { value: 'pop3', label: 'Fetch mail (POP3)' },
];

export const SCOPE_NAMES: Readonly<Record<Scope, string>> = { imap: 'IMAP', smtp: 'SMTP', pop3: 'POP3' };

const SERVICE_NAMES: Readonly<Record<string, string>> = { imap: 'IMAP', submission: 'SMTP', pop3: 'POP3' };

export function serviceName(service: string | null): string {
  return SERVICE_NAMES[service ?? ''] ?? 'another service';
}

export function refusalWords({ reason, service, from }: Refused): string {
  const where = from ?? 'an unknown address';
  switch (reason) {
    case 'service':
      return `not allowed for ${serviceName(service)}, from ${where}`;
    case 'network':
      return `not allowed from ${where}`;
    case 'expired':
      return `used from ${where} after it had expired`;
    case 'revoked':
      return `used from ${where} after it was revoked`;
  }
}
