import { MailCheck, Send, Trash2 } from 'lucide-react';
import type { Metadata } from 'next';
import { listHeld } from '#server/held-mail/list-held.ts';
import { deleteHeldAction, releaseHeldAction } from '@/actions/sending.ts';
import { BulkDeed } from '@/components/act/bulk-deed.tsx';
import { BulkBar } from '@/components/data-table/bulk-bar.tsx';
import { DataTable } from '@/components/data-table/data-table.tsx';
import { SearchBox } from '@/components/data-table/search-box.tsx';
import { Selection } from '@/components/data-table/selection.tsx';
import { tableState } from '@/components/data-table/table-state.ts';
import { KeepFresh } from '@/components/keep-fresh.tsx';
import { ListEmpty } from '@/components/list-empty.tsx';
import { PageHeader } from '@/components/page-header.tsx';
import { readListParams, type SearchParams } from '@/list-params.ts';
import { read } from '@/read.ts';
import { requireOperator } from '@/session.ts';
import { DELETE_HELD_CONFIRM, HELD_COLUMNS } from './held-columns.tsx';

export const metadata: Metadata = { title: 'Held mail' };

export default async function HeldPage({ searchParams }: { searchParams: SearchParams }) {
  await requireOperator('/panel/held');
  const params = await readListParams(searchParams, { sorts: ['heldAt', 'address', 'messages'], direction: 'desc' });
  const { rows, total } = await read(listHeld, params);
  return (
    <Selection ids={rows.map((row) => row.id)}>
      <KeepFresh />
      <PageHeader
        title="Held mail"
        about="Mailboxes that sent more than they may, and domains that forwarded more. Their mail waits here until it is released."
      />
      <div className="mb-3 flex flex-wrap gap-2">
        <SearchBox label="Search mailbox or domain" />
      </div>
      <DataTable
        caption="Held mail"
        columns={HELD_COLUMNS}
        rows={rows}
        total={total}
        state={await tableState(params, searchParams)}
        rowLabel={(row) => row.name}
        empty={
          <ListEmpty filtered={params.search !== ''} clear="/panel/held" icon={MailCheck} title="No mail is held">
            Every mailbox and domain keeps to its sending limits.
          </ListEmpty>
        }
      />
      <BulkBar>
        {rows.some((row) => row.mayRelease) && (
          <BulkDeed label="Release" icon={<Send aria-hidden />} action={releaseHeldAction} done="released." />
        )}
        <BulkDeed
          label="Delete"
          destructive
          icon={<Trash2 aria-hidden />}
          action={deleteHeldAction}
          done="deleted."
          confirm={DELETE_HELD_CONFIRM}
        />
      </BulkBar>
    </Selection>
  );
}
