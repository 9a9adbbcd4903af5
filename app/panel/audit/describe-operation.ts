/** Operation names in words. One that is not here is shown by its name, so the log never hides anything. */
const WORDS: Readonly<Record<string, string>> = {
  'auth.signIn': 'Signed in',
  'auth.redeemPasswordLink': 'Set a password by link',
  'profile.update': 'Changed their name',
  'profile.changePassword': 'Changed their password',
  'sessions.revoke': 'Signed a browser out',
  'sessions.revokeOthers': 'Signed other browsers out',
  'operators.create': 'Added a person',
  'operators.update': 'Changed a person',
  'operators.suspend': 'Suspended a person',
  'operators.resume': 'Resumed a person',
  'operators.delete': 'Deleted a person',
  'operators.restore': 'Restored a person',
  'operators.createPasswordLink': 'Made a password link',
  'domains.create': 'Added a domain',
  'domains.update': 'Changed a domain',
  'domains.suspend': 'Suspended a domain',
  'domains.resume': 'Resumed a domain',
  'domains.delete': 'Deleted a domain',
  'domains.restore': 'Restored a domain',
  'domains.purge': 'Removed a domain for good',
  'accounts.create': 'Added a mailbox',
  'accounts.update': 'Changed a mailbox',
  'accounts.resetPassword': 'Reset a mailbox password',
  'accounts.suspend': 'Suspended a mailbox',
  'accounts.resume': 'Resumed a mailbox',
  'accounts.delete': 'Deleted a mailbox',
  'accounts.restore': 'Restored a mailbox',
  'accounts.purge': 'Removed a mailbox for good',
  'addresses.create': 'Added an alias',
  'addresses.update': 'Changed an alias',
  'addresses.delete': 'Deleted an alias',
  'settings.update': 'Changed a setting',
  'queue.retry': 'Retried queued mail',
  'queue.hold': 'Held queued mail',
  'queue.release': 'Released queued mail',
  'queue.delete': 'Deleted queued mail',
};

export function describeOperation(operation: string): string {
  return WORDS[operation] ?? operation;
}

export const AUDIT_AREAS = [
  { value: 'auth', label: 'Sign-in' },
  { value: 'operators', label: 'People' },
  { value: 'domains', label: 'Domains' },
  { value: 'accounts', label: 'Mailboxes' },
  { value: 'addresses', label: 'Aliases' },
  { value: 'queue', label: 'Queue' },
  { value: 'settings', label: 'Settings' },
  { value: 'profile', label: 'Own account' },
] as const;
