import { Globe, Plus } from 'lucide-react';
import type { Metadata } from 'next';
import { createDomain } from '#server/domains/create-domain.ts';
import { deleteDomains } from '#server/domains/delete-domains.ts';
import { listDomains } from '#server/domains/list-domains.ts';
import {
  deleteDomainsAction,
  restoreDomainsAction,
  resumeDomainsAction,
  suspendDomainsAction,
} from '@/actions/domains.ts';
import { BulkStateDeeds } from '@/components/act/bulk-state-deeds.tsx';
import { DataTable } from '@/components/data-table/data-table.tsx';
import { FilterSelect } from '@/components/data-table/filter-select.tsx';
import { SearchBox } from '@/components/data-table/search-box.tsx';
import { Selection } from '@/components/data-table/selection.tsx';
import { tableState } from '@/components/data-table/table-state.ts';
import { ListEmpty } from '@/components/list-empty.tsx';
import { OpenButton } from '@/components/open-button.tsx';
import { PageHeader } from '@/components/page-header.tsx';
import { readChoice, readListParams, readParam, type SearchParams } from '@/list-params.ts';
import { may } from '@/may.ts';
import { read } from '@/read.ts';
import { requireOperator } from '@/session.ts';
import { CreateDomainDialog } from './create-domain-dialog.tsx';
import { domainColumns } from './domain-columns.tsx';

export const metadata: Metadata = { title: 'Domains' };

const STATES = ['active', 'suspended'] as const;

const CONFIRM_DELETION = {
  title: 'Delete these domains?',
  description: 'Their mailboxes stop receiving mail at once. All of it can be restored from Deleted items for a while.',
  confirm: 'Delete domains',
} as const;

export default async function DomainsPage({ searchParams }: { searchParams: SearchParams }) {
  const actor = await requireOperator('/panel/domains');
  const params = await readListParams(searchParams, { sorts: ['name', 'accounts', 'usedBytes', 'owner', 'createdAt'] });
  const state = await readChoice(searchParams, 'state', STATES);
  const { rows, total } = await read(listDomains, { ...params, filters: { ...(state && { state }) } });
  const canCreate = may(actor, createDomain);
  const canDelete = may(actor, deleteDomains);
  const add = canCreate && (
    <OpenButton href="/panel/domains?new=1" icon={<Plus aria-hidden />}>
      Add domain
    </OpenButton>
  );
  return (
    <Selection ids={rows.map((row) => row.id)}>
      <PageHeader title="Domains" about="Every domain whose mail is hosted here.">
        {add}
      </PageHeader>
      <div className="mb-3 flex flex-wrap gap-2">
        <SearchBox label="Search domains" />
        <FilterSelect
          name="state"
          label="State"
          all="All states"
          options={[
            { value: 'active', label: 'Active' },
            { value: 'suspended', label: 'Suspended' },
          ]}
        />
      </div>
      <DataTable
        caption="Domains"
        columns={domainColumns(canDelete)}
        rows={rows}
        total={total}
        state={await tableState(params, searchParams)}
        {...(canDelete && { rowLabel: (row: (typeof rows)[number]) => row.name })}
        empty={
          <ListEmpty
            filtered={params.search !== '' || state !== undefined}
            clear="/panel/domains"
            icon={Globe}
            title="No domains yet"
            action={add}
          >
            Add the first domain, then give it mailboxes.
          </ListEmpty>
        }
      />
      {canDelete && (
        <BulkStateDeeds
          suspend={suspendDomainsAction}
          resume={resumeDomainsAction}
          remove={deleteDomainsAction}
          restore={restoreDomainsAction}
          removed="deleted. They can be restored from Deleted items."
          confirm={CONFIRM_DELETION}
        />
      )}
      {canCreate && readParam((await searchParams).new) && <CreateDomainDialog actor={actor} />}
    </Selection>
  );
}
