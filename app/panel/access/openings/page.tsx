import { KeyRound, Unplug } from 'lucide-react';
import type { Metadata } from 'next';
import { listOpenings } from '#server/access-rules/pop-before-smtp/list-openings.ts';
import { revokeOpeningsAction } from '@/actions/access-rules.ts';
import { BulkDeed } from '@/components/act/bulk-deed.tsx';
import { BulkBar } from '@/components/data-table/bulk-bar.tsx';
import { DataTable } from '@/components/data-table/data-table.tsx';
import { SearchBox } from '@/components/data-table/search-box.tsx';
import { Selection } from '@/components/data-table/selection.tsx';
import { tableState } from '@/components/data-table/table-state.ts';
import { KeepFresh } from '@/components/keep-fresh.tsx';
import { ListEmpty } from '@/components/list-empty.tsx';
import { OPENING_COLUMNS } from '@/components/relaying/opening-columns.tsx';
import { readListParams, type SearchParams } from '@/list-params.ts';
import { read } from '@/read.ts';

export const metadata: Metadata = { title: 'POP-before-SMTP' };

const PATH = '/panel/access/openings';

export default async function OpeningsPage({ searchParams }: { searchParams: SearchParams }) {
  const params = await readListParams(searchParams, {
    sorts: ['expiresAt', 'openedAt', 'address', 'account'],
    direction: 'desc',
  });
  const { rows, total } = await read(listOpenings, params);
  return (
    <Selection ids={rows.map((row) => row.id)}>
      <KeepFresh />
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <SearchBox label="Search openings" />
        <p className="text-muted-foreground text-sm">
          Clients that may send without signing in, because one of our mailboxes was read from there.
        </p>
      </div>
      <DataTable
        caption="Open for relaying"
        columns={OPENING_COLUMNS}
        rows={rows}
        total={total}
        state={await tableState(params, searchParams)}
        rowLabel={(row) => `${row.address} by ${row.account}`}
        empty={
          <ListEmpty filtered={params.search !== ''} clear={PATH} icon={KeyRound} title="Nothing is open">
            Domains can switch POP-before-SMTP on in their settings, for mail programs too old to sign in when they
            send. It is off for new domains.
          </ListEmpty>
        }
      />
      <BulkBar>
        <BulkDeed label="End" icon={<Unplug aria-hidden />} action={revokeOpeningsAction} done="ended." />
      </BulkBar>
    </Selection>
  );
}
