import { FileKey2, Plus } from 'lucide-react';
import { listCertificates } from '#server/certificates/list-certificates.ts';
import { DataTable } from '@/components/data-table/data-table.tsx';
import { tableState } from '@/components/data-table/table-state.ts';
import { ListEmpty } from '@/components/list-empty.tsx';
import { OpenButton } from '@/components/open-button.tsx';
import { UrlDialog } from '@/components/url-dialog.tsx';
import { readListParams, readParam, type SearchParams } from '@/list-params.ts';
import { read } from '@/read.ts';
import { certificateColumns } from './certificate-columns.tsx';
import { UploadCertificateForm } from './upload-certificate-form.tsx';

interface CertificateListProps {
  /** Of one domain; null for all, where the host's own are added. */
  domain: { id: string; name: string } | null;
  /** Where the list is. */
  path: string;
  searchParams: SearchParams;
}

/** Certificates with what adds one. */
export async function CertificateList({ domain, path, searchParams }: CertificateListProps) {
  const params = await readListParams(searchParams, { sorts: ['notAfter', 'createdAt'] });
  const { rows, total } = await read(listCertificates, { ...params, filters: domain ? { domainId: domain.id } : {} });
  const add = (
    <OpenButton href={`${path}?new=1`} icon={<Plus aria-hidden />}>
      Add a certificate
    </OpenButton>
  );
  return (
    <>
      <div className="mb-3 flex justify-end">{add}</div>
      <DataTable
        caption="Certificates"
        columns={certificateColumns(domain === null)}
        rows={rows}
        total={total}
        state={await tableState(params, searchParams)}
        empty={
          <ListEmpty filtered={false} clear={path} icon={FileKey2} title="No certificates yet">
            {domain
              ? `Mail programs that connect to a name in ${domain.name} are shown the server's own certificate. With one of your own they can use mail.${domain.name}.`
              : 'Every mail program is shown the server’s own certificate, whatever name it connects to.'}
          </ListEmpty>
        }
      />
      {readParam((await searchParams).new) && (
        <UrlDialog
          param="new"
          title="Add a certificate"
          description={
            domain
              ? `Shown to mail programs that connect to one of its names in ${domain.name}. One with the same names is replaced.`
              : 'Shown to mail programs that connect to one of its names, whosever they are. One with the same names is replaced.'
          }
        >
          <UploadCertificateForm domainId={domain?.id ?? null} />
        </UrlDialog>
      )}
    </>
  );
}
