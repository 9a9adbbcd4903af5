import { Building2, Plus, Trash2 } from 'lucide-react';
import type { Metadata } from 'next';
import { type AllowedNetworkView, listAllowed } from '#server/bans/list-allowed.ts';
import { disallowNetworksAction } from '@/actions/bans.ts';
import { DeedButton } from '@/components/act/deed-button.tsx';
import { type Column, DataTable } from '@/components/data-table/data-table.tsx';
import { SearchBox } from '@/components/data-table/search-box.tsx';
import { tableState } from '@/components/data-table/table-state.ts';
import { ListEmpty } from '@/components/list-empty.tsx';
import { OpenButton } from '@/components/open-button.tsx';
import { Time } from '@/components/time.tsx';
import { UrlDialog } from '@/components/url-dialog.tsx';
import { readListParams, readParam, type SearchParams } from '@/list-params.ts';
import { read } from '@/read.ts';
import { AllowNetworkForm } from './allow-network-form.tsx';

export const metadata: Metadata = { title: 'Allow-list' };

const COLUMNS: readonly Column<AllowedNetworkView>[] = [
  {
    id: 'network',
    header: 'Network',
    sort: 'network',
    cell: ({ network, note }) => (
      <div className="min-w-0 max-w-md">
        <p className="break-all font-medium font-mono">{network}</p>
        <p className="break-words text-muted-foreground text-xs">{note}</p>
      </div>
    ),
  },
  { id: 'by', header: 'Added by', show: 'wide', cell: (row) => row.createdBy },
  { id: 'created', header: 'Added', sort: 'createdAt', show: 'wide', cell: (row) => <Time at={row.createdAt} /> },
  {
    id: 'deeds',
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    cell: ({ id, network }) => (
      <DeedButton
        ids={[id]}
        size="sm"
        label="Remove"
        icon={<Trash2 aria-hidden />}
        action={disallowNetworksAction}
        done={`${network} is treated like all others.`}
      />
    ),
  },
];

export default async function AllowedPage({ searchParams }: { searchParams: SearchParams }) {
  const params = await readListParams(searchParams, { sorts: ['network', 'createdAt'] });
  const { rows, total } = await read(listAllowed, params);
  const add = (
    <OpenButton href="/panel/bans/allowed?new=1" icon={<Plus aria-hidden />}>
      Allow a network
    </OpenButton>
  );
  return (
    <>
      <div className="mb-3 flex flex-wrap gap-2">
        <SearchBox label="Search the allow-list" />
        <div className="sm:ml-auto">{add}</div>
      </div>
      <DataTable
        caption="Allow-list"
        columns={COLUMNS}
        rows={rows}
        total={total}
        state={await tableState(params, searchParams)}
        empty={
          <ListEmpty
            filtered={params.search !== ''}
            clear="/panel/bans/allowed"
            icon={Building2}
            title="No network is allowed by name"
            action={add}
          >
            Add your office, or a monitoring host: wrong passwords from there never slow anybody down or ban anything.
          </ListEmpty>
        }
      />
      {readParam((await searchParams).new) && (
        <UrlDialog
          param="new"
          title="Allow a network"
          description="Failed sign-ins from there are not counted, and bans do not hold for it."
        >
          <AllowNetworkForm />
        </UrlDialog>
      )}
    </>
  );
}
