/** What an app password may be used for. */
import type { SignInAttempt } from '../directory/types.ts';

export const SCOPES = ['imap', 'pop3', 'smtp'] as const;
export type AppPasswordScope = (typeof SCOPES)[number];

/** Undefined: no app password opens that service. */
export function scopeOf(service: SignInAttempt['service']): AppPasswordScope | undefined {
  if (service === 'submission') return 'smtp';
  return service === 'web' ? undefined : service;
}
