import { Settings2, Trash2 } from 'lucide-react';
import type { AliasView } from '#server/addresses/alias-view.ts';
import { deleteAliasesAction, recreateAliasesAction } from '@/actions/addresses.ts';
import { RowMenu } from '@/components/act/row-menu.tsx';
import type { Column } from '@/components/data-table/data-table.tsx';
import { TextLink } from '@/components/text-link.tsx';
import { Time } from '@/components/time.tsx';
import { Badge } from '@/components/ui/badge.tsx';

function targetsCell({ targets }: AliasView) {
  if (targets.length === 0) return <Badge variant="warning">No mailbox: mail is refused</Badge>;
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-0.5">
      {targets.map((target) => (
        <li key={target.id}>
          <TextLink href={`/panel/mailboxes/${target.id}`} className="font-normal">
            {target.address}
          </TextLink>
        </li>
      ))}
    </ul>
  );
}

function AliasMenu({ alias: { id, address, domain } }: { alias: AliasView }) {
  return (
    <RowMenu
      id={id}
      label={address}
      items={[
        {
          label: 'Change mailboxes',
          icon: <Settings2 aria-hidden />,
          href: `/panel/domains/${domain.id}/aliases?edit=${id}`,
        },
        {
          label: 'Delete',
          icon: <Trash2 aria-hidden />,
          destructive: true,
          action: deleteAliasesAction,
          undo: recreateAliasesAction,
          done: `${address} deleted.`,
        },
      ]}
    />
  );
}

export const ALIAS_COLUMNS: readonly Column<AliasView>[] = [
  {
    id: 'address',
    header: 'Alias',
    sort: 'address',
    cell: (row) => <span className="break-all font-medium">{row.address}</span>,
  },
  { id: 'targets', header: 'Delivers to', cell: targetsCell },
  { id: 'created', header: 'Added', sort: 'createdAt', show: 'wide', cell: (row) => <Time at={row.createdAt} /> },
  {
    id: 'menu',
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    className: 'w-10',
    cell: (row) => <AliasMenu alias={row} />,
  },
];
