import { MailCheck } from 'lucide-react';
import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { listHeld } from '#server/held-mail/list-held.ts';
import { type HeldMessageView, listHeldMessages } from '#server/held-mail/list-held-messages.ts';
import { type Column, DataTable } from '@/components/data-table/data-table.tsx';
import { tableState } from '@/components/data-table/table-state.ts';
import { PageHeader } from '@/components/page-header.tsx';
import { StateBadge } from '@/components/state-badge.tsx';
import { Time } from '@/components/time.tsx';
import { EmptyState } from '@/components/ui/empty-state.tsx';
import { formatBytes, plural } from '@/format.ts';
import { readListParams, type SearchParams } from '@/list-params.ts';
import { read } from '@/read.ts';
import { requireOperator } from '@/session.ts';
import { HeldMenu, ReleaseButton } from '../held-columns.tsx';

export const metadata: Metadata = { title: 'Held mail' };

function recipientsCell({ recipients, recipientCount }: HeldMessageView) {
  const more = recipientCount - recipients.length;
  return (
    <p className="wrap-anywhere min-w-0 max-w-xl">
      {recipients.join(', ')}
      {more > 0 && <span className="text-muted-foreground"> and {plural(more, 'more', 'more')}</span>}
    </p>
  );
}

const COLUMNS: readonly Column<HeldMessageView>[] = [
  { id: 'to', header: 'To', cell: recipientsCell },
  {
    id: 'from',
    header: 'From',
    show: 'wide',
    cell: (row) => <span className="wrap-anywhere">{row.sender || '—'}</span>,
  },
  {
    id: 'size',
    header: 'Size',
    align: 'right',
    className: 'whitespace-nowrap tabular-nums',
    cell: (row) => formatBytes(row.sizeBytes),
  },
  { id: 'sent', header: 'Sent', cell: (row) => <Time at={row.createdAt} /> },
];

interface HeldOfPageProps {
  params: Promise<{ heldId: string }>;
  searchParams: SearchParams;
}

export default async function HeldOfPage({ params, searchParams }: HeldOfPageProps) {
  await requireOperator();
  const { heldId: id } = await params;
  const list = await readListParams(searchParams, { sorts: ['createdAt'], direction: 'desc' });
  const { rows: holds } = await read(listHeld, { filters: { id } });
  const [held] = holds;
  if (!held) redirect('/panel/held'); // released, perhaps just now, from here
  const { rows, total } = await read(listHeldMessages, { id, page: list.page, pageSize: list.pageSize });
  return (
    <>
      <PageHeader
        title={held.name}
        badge={held.suspendedAt !== null && <StateBadge suspendedAt={held.suspendedAt} />}
        about={held.reason}
        crumbs={[{ label: 'Held mail', href: '/panel/held' }, { label: held.address }]}
      >
        <ReleaseButton held={held} />
        <HeldMenu held={held} />
      </PageHeader>
      <DataTable
        caption={`Held mail: ${held.name}`}
        columns={COLUMNS}
        rows={rows}
        total={total}
        state={await tableState(list, searchParams)}
        empty={
          <EmptyState icon={MailCheck} title="Nothing of it is held">
            {held.kind === 'account'
              ? 'What it sends is held all the same, until it may send again.'
              : 'What it forwards is held all the same, until it may forward again.'}
          </EmptyState>
        }
      />
    </>
  );
}
