import type { AccountView } from '#server/accounts/account-view.ts';
import type { Column } from '@/components/data-table/data-table.tsx';
import { QuotaBar } from '@/components/quota-bar.tsx';
import { StateBadge } from '@/components/state-badge.tsx';
import { TextLink } from '@/components/text-link.tsx';
import { Time } from '@/components/time.tsx';
import { Avatar } from '@/components/ui/avatar.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { formatCount } from '@/format.ts';
import { MailboxMenu } from './mailbox-menu.tsx';

function addressCell({ id, address, displayName }: AccountView) {
  return (
    <div className="flex min-w-0 items-center gap-2.5">
      <Avatar name={displayName || address} className="max-sm:hidden" />
      <div className="min-w-0">
        <TextLink href={`/panel/mailboxes/${id}`} className="block truncate">
          {address}
        </TextLink>
        {displayName && <p className="truncate text-muted-foreground text-xs">{displayName}</p>}
      </div>
    </div>
  );
}

function stateCell({ suspendedAt, domain }: AccountView) {
  if (suspendedAt === null && domain.suspendedAt !== null) return <Badge variant="warning">Domain suspended</Badge>;
  return <StateBadge suspendedAt={suspendedAt} />;
}

export const MAILBOX_COLUMNS: readonly Column<AccountView>[] = [
  { id: 'address', header: 'Address', sort: 'address', className: 'max-w-44 md:max-w-64', cell: addressCell },
  { id: 'state', header: 'State', show: 'wide', cell: stateCell },
  {
    id: 'quota',
    header: 'Quota',
    sort: 'usedBytes',
    cell: (row) => (
      <QuotaBar usedBytes={row.usedBytes} quotaBytes={row.quotaBytes} label={`Quota used by ${row.address}`} />
    ),
  },
  {
    id: 'messages',
    header: 'Messages',
    align: 'right',
    show: 'wide',
    className: 'tabular-nums',
    cell: (row) => formatCount(row.messages),
  },
  {
    id: 'lastLogin',
    header: 'Last sign-in',
    sort: 'lastLoginAt',
    show: 'wide',
    cell: (row) =>
      row.lastLoginAt ? <Time at={row.lastLoginAt} /> : <span className="text-muted-foreground">never</span>,
  },
  { id: 'created', header: 'Added', sort: 'createdAt', show: 'wide', cell: (row) => <Time at={row.createdAt} /> },
  {
    id: 'menu',
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    className: 'w-10',
    cell: (row) => <MailboxMenu mailbox={row} />,
  },
];
