import { Pause, Play, Settings2, Trash2 } from 'lucide-react';
import type { DomainView } from '#server/domains/domain-view.ts';
import {
  deleteDomainsAction,
  restoreDomainsAction,
  resumeDomainsAction,
  suspendDomainsAction,
} from '@/actions/domains.ts';
import { RowMenu } from '@/components/act/row-menu.tsx';
import type { Column } from '@/components/data-table/data-table.tsx';
import { StateBadge } from '@/components/state-badge.tsx';
import { TextLink } from '@/components/text-link.tsx';
import { Time } from '@/components/time.tsx';
import { formatBytes, formatCount } from '@/format.ts';

export function deleteDomainConfirm(name: string) {
  return {
    title: `Delete ${name}?`,
    description:
      'Its mailboxes and other addresses stop receiving mail at once and nobody can sign in to them. All of it can be restored from Deleted items for a while.',
    confirm: 'Delete domain',
  };
}

function DomainMenu({ domain }: { domain: DomainView }) {
  const suspended = domain.suspendedAt !== null;
  const toggle = suspended
    ? { label: 'Resume', icon: <Play aria-hidden />, action: resumeDomainsAction, done: `${domain.name} resumed.` }
    : {
        label: 'Suspend',
        icon: <Pause aria-hidden />,
        action: suspendDomainsAction,
        undo: resumeDomainsAction,
        done: `${domain.name} suspended.`,
      };
  return (
    <RowMenu
      id={domain.id}
      label={domain.name}
      items={[
        { label: 'Settings', icon: <Settings2 aria-hidden />, href: `/panel/domains/${domain.id}/settings` },
        toggle,
        {
          label: 'Delete',
          icon: <Trash2 aria-hidden />,
          destructive: true,
          action: deleteDomainsAction,
          undo: restoreDomainsAction,
          done: `${domain.name} deleted.`,
          confirm: deleteDomainConfirm(domain.name),
        },
      ]}
    />
  );
}

function nameCell(row: DomainView) {
  return (
    <div className="min-w-0">
      <TextLink href={`/panel/domains/${row.id}`}>{row.displayName}</TextLink>
      {row.displayName !== row.name && <p className="text-muted-foreground text-xs">{row.name}</p>}
    </div>
  );
}

export function domainColumns(canManage: boolean): Column<DomainView>[] {
  const columns: Column<DomainView>[] = [
    { id: 'name', header: 'Domain', sort: 'name', cell: nameCell },
    { id: 'state', header: 'State', cell: (row) => <StateBadge suspendedAt={row.suspendedAt} /> },
    {
      id: 'accounts',
      header: 'Mailboxes',
      sort: 'accounts',
      align: 'right',
      className: 'tabular-nums',
      cell: (row) => (
        <>
          {formatCount(row.accounts)}
          {row.maxAccounts !== null && <span className="text-muted-foreground"> / {formatCount(row.maxAccounts)}</span>}
        </>
      ),
    },
    {
      id: 'used',
      header: 'Mail',
      sort: 'usedBytes',
      align: 'right',
      show: 'wide',
      className: 'tabular-nums',
      cell: (row) => formatBytes(row.usedBytes),
    },
    {
      id: 'owner',
      header: 'Owner',
      sort: 'owner',
      show: 'wide',
      cell: (row) => row.owner?.email ?? <span className="text-muted-foreground">nobody</span>,
    },
    { id: 'created', header: 'Added', sort: 'createdAt', show: 'wide', cell: (row) => <Time at={row.createdAt} /> },
  ];
  if (!canManage) return columns;
  return [
    ...columns,
    {
      id: 'menu',
      header: 'Actions',
      hideHeader: true,
      align: 'right',
      className: 'w-10',
      cell: (row) => <DomainMenu domain={row} />,
    },
  ];
}
