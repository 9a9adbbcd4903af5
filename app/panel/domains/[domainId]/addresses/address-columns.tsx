import { Settings2, Trash2 } from 'lucide-react';
import type { AddressView } from '#server/addresses/address-view.ts';
import { deleteAddressesAction, recreateAddressesAction } from '@/actions/addresses.ts';
import { RowMenu } from '@/components/act/row-menu.tsx';
import type { Column } from '@/components/data-table/data-table.tsx';
import { TextLink } from '@/components/text-link.tsx';
import { Time } from '@/components/time.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { KINDS } from './address-kinds.ts';

function KindBadge({ kind, className = '' }: { kind: AddressView['kind']; className?: string }) {
  const { label, icon: Icon } = KINDS[kind];
  return (
    <Badge variant="outline" className={className}>
      <Icon aria-hidden />
      {label}
    </Badge>
  );
}

/** On a phone the kind stands below the address instead of beside it. */
function addressCell({ address, kind }: AddressView) {
  return (
    <>
      <span className="block break-all font-medium">{address}</span>
      <KindBadge kind={kind} className="mt-1 md:hidden" />
    </>
  );
}

function Mailboxes({ targets }: Pick<AddressView, 'targets'>) {
  return targets.map((target) => (
    <li key={target.id}>
      <TextLink href={`/panel/mailboxes/${target.id}`} className="break-all font-normal">
        {target.address}
      </TextLink>
    </li>
  ));
}

function leadsToCell({ kind, targets, destinations, answer }: AddressView) {
  if (kind === 'alias' && targets.length === 0) return <Badge variant="warning">No mailbox: mail is refused</Badge>;
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-0.5">
      {answer && <li className="line-clamp-2 max-w-72 text-muted-foreground">“{answer.subject || answer.body}”</li>}
      {destinations.map((destination) => (
        <li key={destination} className="break-all">
          {destination}
        </li>
      ))}
      {kind !== 'alias' && targets.length > 0 && <li className="text-muted-foreground">copy:</li>}
      <Mailboxes targets={targets} />
    </ul>
  );
}

function AddressMenu({ address: { id, address, domain } }: { address: AddressView }) {
  return (
    <RowMenu
      id={id}
      label={address}
      items={[
        {
          label: 'Change',
          icon: <Settings2 aria-hidden />,
          href: `/panel/domains/${domain.id}/addresses?edit=${id}`,
        },
        {
          label: 'Delete',
          icon: <Trash2 aria-hidden />,
          destructive: true,
          action: deleteAddressesAction,
          undo: recreateAddressesAction,
          done: `${address} deleted.`,
        },
      ]}
    />
  );
}

export const ADDRESS_COLUMNS: readonly Column<AddressView>[] = [
  {
    id: 'address',
    header: 'Address',
    sort: 'address',
    className: 'min-w-36',
    cell: addressCell,
  },
  { id: 'kind', header: 'Kind', show: 'wide', cell: ({ kind }) => <KindBadge kind={kind} /> },
  { id: 'targets', header: 'Leads to', cell: leadsToCell },
  { id: 'created', header: 'Added', sort: 'createdAt', show: 'wide', cell: (row) => <Time at={row.createdAt} /> },
  {
    id: 'menu',
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    className: 'w-10',
    cell: (row) => <AddressMenu address={row} />,
  },
];
