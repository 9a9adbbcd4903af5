import { Plus, Users } from 'lucide-react';
import type { Metadata } from 'next';
import { listOperators } from '#server/operators/list-operators.ts';
import {
  deleteOperatorsAction,
  restoreOperatorsAction,
  resumeOperatorsAction,
  suspendOperatorsAction,
} from '@/actions/operators.ts';
import { BulkStateDeeds } from '@/components/act/bulk-state-deeds.tsx';
import { DataTable } from '@/components/data-table/data-table.tsx';
import { FilterSelect } from '@/components/data-table/filter-select.tsx';
import { SearchBox } from '@/components/data-table/search-box.tsx';
import { Selection } from '@/components/data-table/selection.tsx';
import { tableState } from '@/components/data-table/table-state.ts';
import { ListEmpty } from '@/components/list-empty.tsx';
import { OpenButton } from '@/components/open-button.tsx';
import { PageHeader } from '@/components/page-header.tsx';
import { readChoice, readListParams, type SearchParams } from '@/list-params.ts';
import { read } from '@/read.ts';
import { requireOperator } from '@/session.ts';
import { PEOPLE_COLUMNS, ROLE_OPTIONS } from './people-columns.tsx';
import { PeopleDialogs } from './people-dialogs.tsx';

export const metadata: Metadata = { title: 'People' };

const ROLES = ['admin', 'reseller', 'domain_owner'] as const;

export default async function PeoplePage({ searchParams }: { searchParams: SearchParams }) {
  const actor = await requireOperator('/panel/people');
  const params = await readListParams(searchParams, { sorts: ['name', 'email', 'role', 'lastLoginAt'] });
  const role = await readChoice(searchParams, 'role', ROLES);
  const { rows, total } = await read(listOperators, { ...params, filters: { ...(role && { role }) } });
  const add = (
    <OpenButton href="/panel/people?new=1" icon={<Plus aria-hidden />}>
      Add person
    </OpenButton>
  );
  return (
    <Selection ids={rows.map((row) => row.id)}>
      <PageHeader title="People" about="Who may sign in to the panel. Owners of mailboxes sign in with their mailbox.">
        {add}
      </PageHeader>
      <div className="mb-3 flex flex-wrap gap-2">
        <SearchBox label="Search people" />
        {actor.kind === 'admin' && <FilterSelect name="role" label="Role" all="All roles" options={ROLE_OPTIONS} />}
      </div>
      <DataTable
        caption="People"
        columns={PEOPLE_COLUMNS}
        rows={rows}
        total={total}
        state={await tableState(params, searchParams)}
        rowLabel={(row) => row.email}
        empty={
          <ListEmpty
            filtered={params.search !== '' || role !== undefined}
            clear="/panel/people"
            icon={Users}
            title="Nobody here yet"
            action={add}
          >
            Add domain owners, so that they look after their own mailboxes.
          </ListEmpty>
        }
      />
      <BulkStateDeeds
        suspend={suspendOperatorsAction}
        resume={resumeOperatorsAction}
        remove={deleteOperatorsAction}
        restore={restoreOperatorsAction}
        removed="deleted."
      />
      <PeopleDialogs actor={actor} searchParams={searchParams} />
    </Selection>
  );
}
