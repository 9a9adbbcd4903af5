import { RotateCcw, Trash2, Undo2 } from 'lucide-react';
import type { Metadata } from 'next';
import { listDeleted } from '#server/deleted/list-deleted.ts';
import { purgeDeletedAction, restoreDeletedAction } from '@/actions/deleted.ts';
import { BulkDeed } from '@/components/act/bulk-deed.tsx';
import { BulkBar } from '@/components/data-table/bulk-bar.tsx';
import { DataTable } from '@/components/data-table/data-table.tsx';
import { FilterSelect } from '@/components/data-table/filter-select.tsx';
import { SearchBox } from '@/components/data-table/search-box.tsx';
import { Selection } from '@/components/data-table/selection.tsx';
import { tableState } from '@/components/data-table/table-state.ts';
import { ListEmpty } from '@/components/list-empty.tsx';
import { PageHeader } from '@/components/page-header.tsx';
import { readChoice, readListParams, type SearchParams } from '@/list-params.ts';
import { read } from '@/read.ts';
import { requireOperator } from '@/session.ts';
import { DELETED_COLUMNS, PURGE_CONFIRM } from './deleted-columns.tsx';

export const metadata: Metadata = { title: 'Deleted items' };

const KINDS = ['domain', 'account'] as const;
const KIND_OPTIONS = [
  { value: 'domain', label: 'Domains' },
  { value: 'account', label: 'Mailboxes' },
] as const;

export default async function DeletedPage({ searchParams }: { searchParams: SearchParams }) {
  const actor = await requireOperator('/panel/deleted');
  const params = await readListParams(searchParams, {
    sorts: ['deletedAt', 'name', 'restorableUntil'],
    direction: 'desc',
  });
  const kind = await readChoice(searchParams, 'kind', KINDS);
  const { rows, total } = await read(listDeleted, { ...params, filters: { ...(kind && { kind }) } });
  const items = rows.map((row) => ({ ...row, id: `${row.kind}-${row.id}` }));
  return (
    <Selection ids={items.map((item) => item.id)}>
      <PageHeader title="Deleted items" about="They come back with all their mail until their time is over." />
      <div className="mb-3 flex flex-wrap gap-2">
        <SearchBox label="Search deleted items" />
        {actor.kind !== 'domain-owner' && (
          <FilterSelect name="kind" label="Kind" all="All kinds" options={KIND_OPTIONS} />
        )}
      </div>
      <DataTable
        caption="Deleted items"
        columns={DELETED_COLUMNS}
        rows={items}
        total={total}
        state={await tableState(params, searchParams)}
        rowLabel={(row) => row.name}
        empty={
          <ListEmpty
            filtered={params.search !== '' || kind !== undefined}
            clear="/panel/deleted"
            icon={RotateCcw}
            title="Nothing is waiting to be restored"
          >
            Mailboxes and domains that are deleted stay here for a while, with their mail.
          </ListEmpty>
        }
      />
      <BulkBar>
        <BulkDeed label="Restore" icon={<Undo2 aria-hidden />} action={restoreDeletedAction} done="restored." />
        <BulkDeed
          label="Remove for good"
          destructive
          icon={<Trash2 aria-hidden />}
          action={purgeDeletedAction}
          done="removed for good."
          confirm={PURGE_CONFIRM}
        />
      </BulkBar>
    </Selection>
  );
}
