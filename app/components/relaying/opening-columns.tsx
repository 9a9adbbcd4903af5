import { Unplug } from 'lucide-react';
import type { OpeningView } from '#server/access-rules/pop-before-smtp/list-openings.ts';
import { revokeOpeningsAction } from '@/actions/access-rules.ts';
import { DeedButton } from '../act/deed-button.tsx';
import type { Column } from '../data-table/data-table.tsx';
import { TextLink } from '../text-link.tsx';
import { Time } from '../time.tsx';

export const OPENING_COLUMNS: readonly Column<OpeningView>[] = [
  {
    id: 'address',
    header: 'Client',
    sort: 'address',
    cell: ({ address }) => <span className="break-all font-mono">{address}</span>,
  },
  {
    id: 'account',
    header: 'Opened by',
    sort: 'account',
    cell: ({ account, accountId, service }) => (
      <>
        <TextLink href={`/panel/mailboxes/${accountId}`}>{account}</TextLink>
        <span className="text-muted-foreground text-xs"> {service === 'imap' ? 'IMAP' : 'POP3'}</span>
      </>
    ),
  },
  { id: 'openedAt', header: 'Since', sort: 'openedAt', show: 'wide', cell: (row) => <Time at={row.openedAt} /> },
  { id: 'expiresAt', header: 'Ends', sort: 'expiresAt', cell: (row) => <Time at={row.expiresAt} /> },
  {
    id: 'deeds',
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    cell: ({ id, address, account }) => (
      <DeedButton
        ids={[id]}
        size="sm"
        label="End"
        icon={<Unplug aria-hidden />}
        action={revokeOpeningsAction}
        done={`${address} may no longer send as ${account}. The next sign-in opens it again.`}
      />
    ),
  },
];
