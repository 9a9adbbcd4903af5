import { Gauge, KeyRound, Pause, Play, Settings2, Trash2 } from 'lucide-react';
import type { OperatorView } from '#server/operators/operator-view.ts';
import {
  deleteOperatorsAction,
  restoreOperatorsAction,
  resumeOperatorsAction,
  suspendOperatorsAction,
} from '@/actions/operators.ts';
import { RowMenu } from '@/components/act/row-menu.tsx';
import type { Column } from '@/components/data-table/data-table.tsx';
import { StateBadge } from '@/components/state-badge.tsx';
import { Time } from '@/components/time.tsx';
import { Avatar } from '@/components/ui/avatar.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { formatCount } from '@/format.ts';

export const ROLE_OPTIONS = [
  { value: 'admin', label: 'Admin' },
  { value: 'reseller', label: 'Reseller' },
  { value: 'domain_owner', label: 'Domain owner' },
] as const;

function roleName(role: OperatorView['role']): string {
  return ROLE_OPTIONS.find((option) => option.value === role)?.label ?? role;
}

function personCell({ name, email }: OperatorView) {
  return (
    <div className="flex min-w-0 items-center gap-2.5">
      <Avatar name={name} className="max-sm:hidden" />
      <div className="min-w-0">
        <p className="truncate font-medium">{name}</p>
        <p className="truncate text-muted-foreground text-xs">{email}</p>
      </div>
    </div>
  );
}

function PersonMenu({ person: { id, email, role, suspendedAt } }: { person: OperatorView }) {
  const toggle =
    suspendedAt !== null
      ? { label: 'Resume', icon: <Play aria-hidden />, action: resumeOperatorsAction, done: `${email} resumed.` }
      : {
          label: 'Suspend',
          icon: <Pause aria-hidden />,
          action: suspendOperatorsAction,
          undo: resumeOperatorsAction,
          done: `${email} suspended.`,
        };
  const limits = { label: 'Sending limits', icon: <Gauge aria-hidden />, href: `/panel/people?limits=${id}` };
  return (
    <RowMenu
      id={id}
      label={email}
      items={[
        { label: 'Edit', icon: <Settings2 aria-hidden />, href: `/panel/people?edit=${id}` },
        { label: 'Password link', icon: <KeyRound aria-hidden />, href: `/panel/people?link=${id}` },
        ...(role === 'reseller' ? [limits] : []),
        toggle,
        {
          label: 'Delete',
          icon: <Trash2 aria-hidden />,
          destructive: true,
          action: deleteOperatorsAction,
          undo: restoreOperatorsAction,
          done: `${email} deleted.`,
        },
      ]}
    />
  );
}

export const PEOPLE_COLUMNS: readonly Column<OperatorView>[] = [
  { id: 'name', header: 'Person', sort: 'name', className: 'max-w-56', cell: personCell },
  {
    id: 'role',
    header: 'Role',
    sort: 'role',
    cell: (row) => (
      <>
        {roleName(row.role)}
        {row.reseller && <p className="text-muted-foreground text-xs">of {row.reseller.email}</p>}
      </>
    ),
  },
  {
    id: 'state',
    header: 'State',
    show: 'wide',
    cell: (row) =>
      row.hasPassword || row.suspendedAt !== null ? (
        <StateBadge suspendedAt={row.suspendedAt} />
      ) : (
        <Badge variant="outline">No password yet</Badge>
      ),
  },
  {
    id: 'domains',
    header: 'Domains',
    align: 'right',
    show: 'wide',
    className: 'tabular-nums',
    cell: (row) => formatCount(row.domains),
  },
  {
    id: 'lastLogin',
    header: 'Last sign-in',
    sort: 'lastLoginAt',
    show: 'wide',
    cell: (row) =>
      row.lastLoginAt ? <Time at={row.lastLoginAt} /> : <span className="text-muted-foreground">never</span>,
  },
  {
    id: 'menu',
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    className: 'w-10',
    cell: (row) => <PersonMenu person={row} />,
  },
];
