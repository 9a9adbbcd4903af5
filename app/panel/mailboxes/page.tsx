import { Plus } from 'lucide-react';
import type { Metadata } from 'next';
import { listDomains } from '#server/domains/list-domains.ts';
import { FilterSelect } from '@/components/data-table/filter-select.tsx';
import { OpenButton } from '@/components/open-button.tsx';
import { PageHeader } from '@/components/page-header.tsx';
import { readParam, type SearchParams } from '@/list-params.ts';
import { read } from '@/read.ts';
import { CreateMailboxDialog } from './create-mailbox-dialog.tsx';
import { MailboxList } from './mailbox-list.tsx';

export const metadata: Metadata = { title: 'Mailboxes' };

/** More than anybody would pick from a list; the search finds the rest. */
const MANY = 200;

export default async function MailboxesPage({ searchParams }: { searchParams: SearchParams }) {
  const params = await searchParams;
  const domains = await read(listDomains, { pageSize: MANY });
  const domain = domains.rows.find((row) => row.id === readParam(params.domain));
  const options = domains.rows.map((row) => ({ value: row.id, label: row.name }));
  const add = domains.total > 0 && (
    <OpenButton href="/panel/mailboxes?new=1" icon={<Plus aria-hidden />}>
      Add mailbox
    </OpenButton>
  );
  return (
    <>
      <PageHeader title="Mailboxes" about="Every mailbox of every domain.">
        {add}
      </PageHeader>
      <MailboxList
        searchParams={searchParams}
        path="/panel/mailboxes"
        add={add}
        filters={<FilterSelect name="domain" label="Domain" all="All domains" options={options} />}
        {...(domain && { domainId: domain.id })}
      />
      {readParam(params.new) && <CreateMailboxDialog domains={domain ? [domain] : domains.rows} />}
    </>
  );
}
