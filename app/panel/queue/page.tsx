import { CircleCheck, Pause, Play, RefreshCw, Trash2 } from 'lucide-react';
import type { Metadata } from 'next';
import { listQueue } from '#server/queue/list-queue.ts';
import { deleteEntriesAction, holdEntriesAction, releaseEntriesAction, retryEntriesAction } from '@/actions/queue.ts';
import { BulkDeed } from '@/components/act/bulk-deed.tsx';
import { BulkBar } from '@/components/data-table/bulk-bar.tsx';
import { DataTable } from '@/components/data-table/data-table.tsx';
import { FilterSelect } from '@/components/data-table/filter-select.tsx';
import { SearchBox } from '@/components/data-table/search-box.tsx';
import { Selection } from '@/components/data-table/selection.tsx';
import { tableState } from '@/components/data-table/table-state.ts';
import { ListEmpty } from '@/components/list-empty.tsx';
import { PageHeader } from '@/components/page-header.tsx';
import { readChoice, readListParams, readParam, type SearchParams } from '@/list-params.ts';
import { read } from '@/read.ts';
import { requireOperator } from '@/session.ts';
import { Destinations } from './destinations.tsx';
import { DELETE_CONFIRM, QUEUE_COLUMNS } from './queue-columns.tsx';

export const metadata: Metadata = { title: 'Queue' };

const SORTS = ['nextAttemptAt', 'createdAt', 'recipient', 'state', 'attempts', 'sizeBytes'] as const;
const STATES = ['waiting', 'leased', 'held'] as const;
const STATE_OPTIONS = [
  { value: 'waiting', label: 'Waiting' },
  { value: 'leased', label: 'Under way' },
  { value: 'held', label: 'Held' },
] as const;

function BulkDeeds() {
  return (
    <BulkBar>
      <BulkDeed label="Try now" icon={<RefreshCw aria-hidden />} action={retryEntriesAction} done="tried again." />
      <BulkDeed
        label="Hold"
        icon={<Pause aria-hidden />}
        action={holdEntriesAction}
        undo={releaseEntriesAction}
        done="held."
      />
      <BulkDeed label="Release" icon={<Play aria-hidden />} action={releaseEntriesAction} done="released." />
      <BulkDeed
        label="Delete"
        destructive
        icon={<Trash2 aria-hidden />}
        action={deleteEntriesAction}
        done="deleted."
        confirm={DELETE_CONFIRM}
      />
    </BulkBar>
  );
}

export default async function QueuePage({ searchParams }: { searchParams: SearchParams }) {
  await requireOperator('/panel/queue');
  const params = await readListParams(searchParams, { sorts: SORTS });
  const state = await readChoice(searchParams, 'state', STATES);
  const destination = readParam((await searchParams).destination);
  const filters = { ...(state && { state }), ...(destination !== undefined && { destination }) };
  const { rows, total } = await read(listQueue, { ...params, filters });
  return (
    <Selection ids={rows.map((row) => row.id)}>
      <PageHeader title="Queue" about="Mail that still has to leave, one line for each recipient." />
      <Destinations chosen={destination} />
      <div className="mb-3 flex flex-wrap gap-2">
        <SearchBox label="Search the queue" />
        <FilterSelect name="state" label="State" all="All states" options={STATE_OPTIONS} />
      </div>
      <DataTable
        caption="Queue"
        columns={QUEUE_COLUMNS}
        rows={rows}
        total={total}
        state={await tableState(params, searchParams)}
        rowLabel={(row) => row.recipient}
        empty={
          <ListEmpty
            filtered={params.search !== '' || state !== undefined || destination !== undefined}
            clear="/panel/queue"
            icon={CircleCheck}
            title="The queue is empty"
          >
            All mail has left. What cannot be delivered at once waits here and is tried again.
          </ListEmpty>
        }
      />
      <BulkDeeds />
    </Selection>
  );
}
