import type { ActorKind } from '#server/actor/actor.ts';

export type NavigationIcon =
  | 'dashboard'
  | 'domains'
  | 'mailboxes'
  | 'people'
  | 'queue'
  | 'held'
  | 'bans'
  | 'connections'
  | 'certificates'
  | 'access'
  | 'deleted'
  | 'audit'
  | 'settings'
  | 'account';

interface NavigationItem {
  href: string;
  label: string;
  icon: NavigationIcon;
  /** Whom it is shown to. The operations behind the page refuse everybody else, link or no link. */
  for: readonly ActorKind[];
}

export interface NavigationGroup {
  label: string;
  items: readonly NavigationItem[];
}

const EVERY_OPERATOR = ['admin', 'reseller', 'domain-owner'] as const;

const GROUPS: readonly NavigationGroup[] = [
  {
    label: 'Mail',
    items: [
      { href: '/panel', label: 'Dashboard', icon: 'dashboard', for: EVERY_OPERATOR },
      { href: '/panel/domains', label: 'Domains', icon: 'domains', for: EVERY_OPERATOR },
      { href: '/panel/mailboxes', label: 'Mailboxes', icon: 'mailboxes', for: EVERY_OPERATOR },
      { href: '/panel/deleted', label: 'Deleted items', icon: 'deleted', for: EVERY_OPERATOR },
    ],
  },
  {
    label: 'Host',
    items: [
      { href: '/panel/queue', label: 'Queue', icon: 'queue', for: EVERY_OPERATOR },
      { href: '/panel/held', label: 'Held mail', icon: 'held', for: EVERY_OPERATOR },
      { href: '/panel/people', label: 'People', icon: 'people', for: ['admin', 'reseller'] },
      { href: '/panel/access', label: 'Access rules', icon: 'access', for: ['admin'] },
      { href: '/panel/bans', label: 'Sign-in protection', icon: 'bans', for: ['admin'] },
      { href: '/panel/connections', label: 'Connections', icon: 'connections', for: ['admin'] },
      { href: '/panel/certificates', label: 'Certificates', icon: 'certificates', for: ['admin'] },
      { href: '/panel/audit', label: 'Audit log', icon: 'audit', for: EVERY_OPERATOR },
      { href: '/panel/settings', label: 'Settings', icon: 'settings', for: ['admin'] },
    ],
  },
];

export function navigationFor(kind: ActorKind): NavigationGroup[] {
  return GROUPS.map((group) => ({ ...group, items: group.items.filter((item) => item.for.includes(kind)) })).filter(
    (group) => group.items.length > 0,
  );
}
