import { Forward, Plus, Trash2 } from 'lucide-react';
import type { Metadata } from 'next';
import { listAccounts } from '#server/accounts/list-accounts.ts';
import { listAliases } from '#server/addresses/list-aliases.ts';
import { deleteAliasesAction, recreateAliasesAction } from '@/actions/addresses.ts';
import { BulkDeed } from '@/components/act/bulk-deed.tsx';
import { BulkBar } from '@/components/data-table/bulk-bar.tsx';
import { DataTable } from '@/components/data-table/data-table.tsx';
import { SearchBox } from '@/components/data-table/search-box.tsx';
import { Selection } from '@/components/data-table/selection.tsx';
import { tableState } from '@/components/data-table/table-state.ts';
import { ListEmpty } from '@/components/list-empty.tsx';
import { OpenButton } from '@/components/open-button.tsx';
import { UrlDialog } from '@/components/url-dialog.tsx';
import { readListParams, readParam, type SearchParams } from '@/list-params.ts';
import { read } from '@/read.ts';
import { type DomainParams, findDomain } from '../find-domain.ts';
import { ALIAS_COLUMNS } from './alias-columns.tsx';
import { AliasForm } from './alias-form.tsx';

export const metadata: Metadata = { title: 'Aliases' };

const MANY = 200;

interface AliasDialogProps {
  domain: { id: string; name: string };
  alias?: { id: string; address: string; targets: { id: string }[] } | undefined;
}

/** To add an alias, or to change where `alias` leads. */
async function AliasDialog({ domain, alias }: AliasDialogProps) {
  const accounts = await read(listAccounts, { pageSize: MANY, filters: { domainId: domain.id } });
  const mailboxes = accounts.rows.map(({ id, address }) => ({ id, address }));
  const shown = { domain: { id: domain.id, name: domain.name }, mailboxes };
  if (!alias) {
    return (
      <UrlDialog param="new" title="Add an alias" description="Another address for one or more mailboxes.">
        <AliasForm {...shown} />
      </UrlDialog>
    );
  }
  const editing = { id: alias.id, targetIds: alias.targets.map((target) => target.id) };
  return (
    <UrlDialog param="edit" title={alias.address} description="Choose the mailboxes its mail goes to.">
      <AliasForm {...shown} alias={editing} />
    </UrlDialog>
  );
}

export default async function AliasesPage({ params, searchParams }: DomainParams & { searchParams: SearchParams }) {
  const domain = await findDomain((await params).domainId);
  const query = await searchParams;
  const list = await readListParams(searchParams, { sorts: ['address', 'createdAt'] });
  const { rows, total } = await read(listAliases, { ...list, filters: { domainId: domain.id } });
  const path = `/panel/domains/${domain.id}/aliases`;
  const edited = rows.find((row) => row.id === readParam(query.edit));
  const add = (
    <OpenButton href={`${path}?new=1`} icon={<Plus aria-hidden />}>
      Add alias
    </OpenButton>
  );
  return (
    <Selection ids={rows.map((row) => row.id)}>
      <div className="mb-3 flex flex-wrap gap-2">
        <SearchBox label="Search aliases" />
        <div className="sm:ml-auto">{add}</div>
      </div>
      <DataTable
        caption={`Aliases of ${domain.name}`}
        columns={ALIAS_COLUMNS}
        rows={rows}
        total={total}
        state={await tableState(list, searchParams)}
        rowLabel={(row) => row.address}
        empty={
          <ListEmpty filtered={list.search !== ''} clear={path} icon={Forward} title="No aliases yet" action={add}>
            An alias is another address for one or more mailboxes: sales@{domain.name} for the people who sell.
          </ListEmpty>
        }
      />
      <BulkBar>
        <BulkDeed
          label="Delete"
          destructive
          icon={<Trash2 aria-hidden />}
          action={deleteAliasesAction}
          undo={recreateAliasesAction}
          done="deleted."
        />
      </BulkBar>
      {(readParam(query.new) || edited) && <AliasDialog domain={domain} alias={edited} />}
    </Selection>
  );
}
