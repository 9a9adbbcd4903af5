import { ScrollText } from 'lucide-react';
import type { Metadata } from 'next';
import { type AuditView, listAudit } from '#server/audit/list-audit.ts';
import { type Column, DataTable } from '@/components/data-table/data-table.tsx';
import { FilterSelect } from '@/components/data-table/filter-select.tsx';
import { SearchBox } from '@/components/data-table/search-box.tsx';
import { tableState } from '@/components/data-table/table-state.ts';
import { ListEmpty } from '@/components/list-empty.tsx';
import { PageHeader } from '@/components/page-header.tsx';
import { formatDateTime } from '@/format.ts';
import { readChoice, readListParams, type SearchParams } from '@/list-params.ts';
import { read } from '@/read.ts';
import { requireOperator } from '@/session.ts';
import { AUDIT_AREAS, describeOperation } from './describe-operation.ts';

export const metadata: Metadata = { title: 'Audit log' };

const COLUMNS: readonly Column<AuditView>[] = [
  {
    id: 'at',
    header: 'When',
    sort: 'at',
    className: 'whitespace-nowrap tabular-nums',
    cell: (row) => <time dateTime={row.at}>{formatDateTime(new Date(row.at))}</time>,
  },
  {
    id: 'actor',
    header: 'Who',
    sort: 'actor',
    cell: (row) => (
      <>
        {row.actor}
        <p className="text-muted-foreground text-xs">{row.actorKind.replace('-', ' ')}</p>
      </>
    ),
  },
  {
    id: 'operation',
    header: 'What',
    sort: 'operation',
    cell: (row) => (
      <>
        {describeOperation(row.operation)}
        {row.target && <p className="max-w-96 break-words text-muted-foreground text-xs">{row.target}</p>}
      </>
    ),
  },
  {
    id: 'ip',
    header: 'From',
    show: 'wide',
    className: 'font-mono text-xs',
    cell: (row) => row.ip ?? <span className="text-muted-foreground">—</span>,
  },
];

export default async function AuditPage({ searchParams }: { searchParams: SearchParams }) {
  const actor = await requireOperator('/panel/audit');
  const params = await readListParams(searchParams, { sorts: ['at', 'actor', 'operation'], direction: 'desc' });
  const area = await readChoice(
    searchParams,
    'area',
    AUDIT_AREAS.map((option) => option.value),
  );
  const { rows, total } = await read(listAudit, { ...params, filters: { ...(area && { operation: area }) } });
  return (
    <>
      <PageHeader
        title="Audit log"
        about={actor.kind === 'admin' ? 'Who did what, in the panel and on the command line.' : 'What you did.'}
      />
      <div className="mb-3 flex flex-wrap gap-2">
        <SearchBox label="Search the log" />
        <FilterSelect name="area" label="Area" all="All areas" options={AUDIT_AREAS} />
      </div>
      <DataTable
        caption="Audit log"
        columns={COLUMNS}
        rows={rows}
        total={total}
        state={await tableState(params, searchParams)}
        empty={
          <ListEmpty
            filtered={params.search !== '' || area !== undefined}
            clear="/panel/audit"
            icon={ScrollText}
            title="Nothing was done yet"
          >
            Every change leaves a line here.
          </ListEmpty>
        }
      />
    </>
  );
}
