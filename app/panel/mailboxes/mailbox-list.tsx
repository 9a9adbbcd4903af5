import { AtSign } from 'lucide-react';
import type { ReactNode } from 'react';
import { listAccounts } from '#server/accounts/list-accounts.ts';
import {
  deleteAccountsAction,
  restoreAccountsAction,
  resumeAccountsAction,
  suspendAccountsAction,
} from '@/actions/accounts.ts';
import { BulkStateDeeds } from '@/components/act/bulk-state-deeds.tsx';
import { DataTable } from '@/components/data-table/data-table.tsx';
import { FilterSelect } from '@/components/data-table/filter-select.tsx';
import { SearchBox } from '@/components/data-table/search-box.tsx';
import { Selection } from '@/components/data-table/selection.tsx';
import { tableState } from '@/components/data-table/table-state.ts';
import { ListEmpty } from '@/components/list-empty.tsx';
import { readChoice, readListParams, type SearchParams } from '@/list-params.ts';
import { read } from '@/read.ts';
import { MAILBOX_COLUMNS } from './mailbox-columns.tsx';

const SORTS = ['address', 'usedBytes', 'lastLoginAt', 'createdAt'] as const;
const STATES = ['active', 'suspended'] as const;

const STATE_OPTIONS = [
  { value: 'active', label: 'Active' },
  { value: 'suspended', label: 'Suspended' },
] as const;

interface MailboxListProps {
  searchParams: SearchParams;
  /** The list's own path, without parameters. */
  path: string;
  /** Only this domain's; all domains otherwise. */
  domainId?: string;
  /** The button that adds one. */
  add?: ReactNode;
  /** More filters, left of the state's. */
  filters?: ReactNode;
}

export async function MailboxList({ searchParams, path, domainId, add, filters }: MailboxListProps) {
  const params = await readListParams(searchParams, { sorts: SORTS });
  const state = await readChoice(searchParams, 'state', STATES);
  const { rows, total } = await read(listAccounts, {
    ...params,
    filters: { ...(state && { state }), ...(domainId !== undefined && { domainId }) },
  });
  const filtered = params.search !== '' || state !== undefined || (filters !== undefined && domainId !== undefined);
  return (
    <Selection ids={rows.map((row) => row.id)}>
      <div className="mb-3 flex flex-wrap gap-2">
        <SearchBox label="Search mailboxes" />
        {filters}
        <FilterSelect name="state" label="State" all="All states" options={STATE_OPTIONS} />
        {add && !filters && <div className="sm:ml-auto">{add}</div>}
      </div>
      <DataTable
        caption="Mailboxes"
        columns={MAILBOX_COLUMNS}
        rows={rows}
        total={total}
        state={await tableState(params, searchParams)}
        rowLabel={(row) => row.address}
        empty={
          <ListEmpty filtered={filtered} clear={path} icon={AtSign} title="No mailboxes yet" action={add}>
            A mailbox is an address with a password and mail of its own.
          </ListEmpty>
        }
      />
      <BulkStateDeeds
        suspend={suspendAccountsAction}
        resume={resumeAccountsAction}
        remove={deleteAccountsAction}
        restore={restoreAccountsAction}
        removed="deleted. They can be restored from Deleted items."
      />
    </Selection>
  );
}
