import { Ban, ShieldCheck, Unlock } from 'lucide-react';
import type { Metadata } from 'next';
import { listBans } from '#server/bans/list-bans.ts';
import { liftBansAction, restoreBansAction } from '@/actions/bans.ts';
import { BulkDeed } from '@/components/act/bulk-deed.tsx';
import { BulkBar } from '@/components/data-table/bulk-bar.tsx';
import { DataTable } from '@/components/data-table/data-table.tsx';
import { FilterSelect } from '@/components/data-table/filter-select.tsx';
import { SearchBox } from '@/components/data-table/search-box.tsx';
import { Selection } from '@/components/data-table/selection.tsx';
import { tableState } from '@/components/data-table/table-state.ts';
import { KeepFresh } from '@/components/keep-fresh.tsx';
import { ListEmpty } from '@/components/list-empty.tsx';
import { OpenButton } from '@/components/open-button.tsx';
import { UrlDialog } from '@/components/url-dialog.tsx';
import { readChoice, readListParams, readParam, type SearchParams } from '@/list-params.ts';
import { read } from '@/read.ts';
import { BAN_COLUMNS } from './ban-columns.tsx';
import { CreateBanForm } from './create-ban-form.tsx';

export const metadata: Metadata = { title: 'Bans' };

const MADE = ['automatic', 'manual'] as const;
const MADE_OPTIONS = [
  { value: 'automatic', label: 'By failed sign-ins' },
  { value: 'manual', label: 'By hand' },
] as const;

export default async function BansPage({ searchParams }: { searchParams: SearchParams }) {
  const params = await readListParams(searchParams, {
    sorts: ['since', 'until', 'network', 'failures'],
    direction: 'desc',
  });
  const made = await readChoice(searchParams, 'made', MADE);
  const { rows, total } = await read(listBans, { ...params, filters: { ...(made && { made }) } });
  const add = (
    <OpenButton href="/panel/bans?new=1" icon={<Ban aria-hidden />}>
      Ban a network
    </OpenButton>
  );
  return (
    <Selection ids={rows.map((row) => row.id)}>
      <KeepFresh />
      <div className="mb-3 flex flex-wrap gap-2">
        <SearchBox label="Search bans" />
        <FilterSelect name="made" label="Made" all="All bans" options={MADE_OPTIONS} />
        <div className="sm:ml-auto">{add}</div>
      </div>
      <DataTable
        caption="Bans"
        columns={BAN_COLUMNS}
        rows={rows}
        total={total}
        state={await tableState(params, searchParams)}
        rowLabel={(row) => row.network}
        empty={
          <ListEmpty
            filtered={params.search !== '' || made !== undefined}
            clear="/panel/bans"
            icon={ShieldCheck}
            title="Nobody is banned"
          >
            A network that fails to sign in too often appears here. How often, and for how long, is in the settings.
          </ListEmpty>
        }
      />
      <BulkBar>
        <BulkDeed
          label="Lift"
          icon={<Unlock aria-hidden />}
          action={liftBansAction}
          undo={restoreBansAction}
          done="lifted."
        />
      </BulkBar>
      {readParam((await searchParams).new) && (
        <UrlDialog
          param="new"
          title="Ban a network"
          description="It cannot sign in to mail, webmail or the panel. Mail from it still comes in."
        >
          <CreateBanForm />
        </UrlDialog>
      )}
    </Selection>
  );
}
