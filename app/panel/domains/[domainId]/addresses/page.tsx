import { AtSign, Trash2 } from 'lucide-react';
import type { Metadata } from 'next';
import { listAddresses } from '#server/addresses/list-addresses.ts';
import { deleteAddressesAction, recreateAddressesAction } from '@/actions/addresses.ts';
import { BulkDeed } from '@/components/act/bulk-deed.tsx';
import { BulkBar } from '@/components/data-table/bulk-bar.tsx';
import { DataTable } from '@/components/data-table/data-table.tsx';
import { FilterSelect } from '@/components/data-table/filter-select.tsx';
import { SearchBox } from '@/components/data-table/search-box.tsx';
import { Selection } from '@/components/data-table/selection.tsx';
import { tableState } from '@/components/data-table/table-state.ts';
import { ListEmpty } from '@/components/list-empty.tsx';
import { readChoice, readListParams, readParam, type SearchParams } from '@/list-params.ts';
import { read } from '@/read.ts';
import { type DomainParams, findDomain } from '../find-domain.ts';
import { AddAddressMenu } from './add-address-menu.tsx';
import { ADDRESS_COLUMNS } from './address-columns.tsx';
import { AddressDialog } from './address-dialog.tsx';
import { KIND_NAMES, KINDS } from './address-kinds.ts';

export const metadata: Metadata = { title: 'Addresses' };

const KIND_OPTIONS = KIND_NAMES.map((kind) => ({ value: kind, label: KINDS[kind].label }));

export default async function AddressesPage({ params, searchParams }: DomainParams & { searchParams: SearchParams }) {
  const domain = await findDomain((await params).domainId);
  const list = await readListParams(searchParams, { sorts: ['address', 'createdAt'] });
  const kind = await readChoice(searchParams, 'kind', KIND_NAMES);
  const filters = { domainId: domain.id, ...(kind && { kind }) };
  const { rows, total } = await read(listAddresses, { ...list, filters });
  const path = `/panel/domains/${domain.id}/addresses`;
  const edit = readParam((await searchParams).edit);
  const edited = rows.find((row) => row.id === edit);
  const added = await readChoice(searchParams, 'new', KIND_NAMES);
  const dialogKind = edited?.kind ?? added;
  return (
    <Selection ids={rows.map((row) => row.id)}>
      <div className="mb-3 flex flex-wrap gap-2">
        <SearchBox label="Search addresses" />
        <FilterSelect name="kind" label="Kind" all="All kinds" options={KIND_OPTIONS} />
        <div className="sm:ml-auto">
          <AddAddressMenu path={path} />
        </div>
      </div>
      <DataTable
        caption={`Addresses of ${domain.name}`}
        columns={ADDRESS_COLUMNS}
        rows={rows}
        total={total}
        state={await tableState(list, searchParams)}
        rowLabel={(row) => row.address}
        empty={
          <ListEmpty
            filtered={list.search !== '' || kind !== undefined}
            clear={path}
            icon={AtSign}
            title="No addresses yet"
            action={<AddAddressMenu path={path} />}
          >
            Beside its mailboxes a domain can have aliases, forwards to other addresses, and addresses that answer by
            themselves.
          </ListEmpty>
        }
      />
      <BulkBar>
        <BulkDeed
          label="Delete"
          destructive
          icon={<Trash2 aria-hidden />}
          action={deleteAddressesAction}
          undo={recreateAddressesAction}
          done="deleted."
        />
      </BulkBar>
      {dialogKind && <AddressDialog domain={domain} kind={dialogKind} address={edited} />}
    </Selection>
  );
}
