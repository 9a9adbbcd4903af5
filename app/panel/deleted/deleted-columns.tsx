import { AtSign, Globe, Trash2, Undo2 } from 'lucide-react';
import type { DeletedItem } from '#server/deleted/list-deleted.ts';
import { purgeDeletedAction, restoreDeletedAction } from '@/actions/deleted.ts';
import { DeedButton } from '@/components/act/deed-button.tsx';
import { RowMenu } from '@/components/act/row-menu.tsx';
import type { Column } from '@/components/data-table/data-table.tsx';
import { Time } from '@/components/time.tsx';
import { formatBytes, plural } from '@/format.ts';

export const PURGE_CONFIRM = {
  title: 'Remove for good?',
  description: 'The mail in it is removed too. This cannot be undone.',
  confirm: 'Remove for good',
};

function nameCell({ kind, name, accounts }: DeletedItem) {
  const Icon = kind === 'domain' ? Globe : AtSign;
  return (
    <div className="flex min-w-0 items-center gap-2.5">
      <Icon className="size-4 shrink-0 text-muted-foreground" aria-hidden />
      <div className="min-w-0">
        <p className="truncate font-medium">{name}</p>
        <p className="text-muted-foreground text-xs">
          {kind === 'domain' ? `Domain with ${plural(accounts, 'mailbox', 'mailboxes')}` : 'Mailbox'}
        </p>
      </div>
    </div>
  );
}

function deedsCell({ id, name }: DeletedItem) {
  return (
    <div className="flex items-center justify-end gap-1">
      <DeedButton
        ids={[id]}
        size="sm"
        label="Restore"
        icon={<Undo2 aria-hidden />}
        action={restoreDeletedAction}
        done={`${name} restored.`}
      />
      <RowMenu
        id={id}
        label={name}
        items={[
          {
            label: 'Remove for good',
            icon: <Trash2 aria-hidden />,
            destructive: true,
            action: purgeDeletedAction,
            done: `${name} removed for good.`,
            confirm: { ...PURGE_CONFIRM, title: `Remove ${name} for good?` },
          },
        ]}
      />
    </div>
  );
}

export const DELETED_COLUMNS: readonly Column<DeletedItem>[] = [
  { id: 'name', header: 'Name', sort: 'name', className: 'max-w-56', cell: nameCell },
  {
    id: 'used',
    header: 'Mail',
    align: 'right',
    show: 'wide',
    className: 'tabular-nums',
    cell: (row) => formatBytes(row.usedBytes),
  },
  { id: 'deleted', header: 'Deleted', sort: 'deletedAt', show: 'wide', cell: (row) => <Time at={row.deletedAt} /> },
  {
    id: 'until',
    header: 'Gone for good',
    sort: 'restorableUntil',
    show: 'wide',
    cell: (row) => <Time at={row.restorableUntil} />,
  },
  { id: 'deeds', header: 'Actions', hideHeader: true, align: 'right', cell: deedsCell },
];
