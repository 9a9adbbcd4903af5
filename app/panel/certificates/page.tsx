import type { Metadata } from 'next';
import { forbidden } from 'next/navigation';
import { CertificateList } from '@/components/certificates/certificate-list.tsx';
import { PageHeader } from '@/components/page-header.tsx';
import type { SearchParams } from '@/list-params.ts';
import { requireOperator } from '@/session.ts';

export const metadata: Metadata = { title: 'Certificates' };

export default async function CertificatesPage({ searchParams }: { searchParams: SearchParams }) {
  const actor = await requireOperator('/panel/certificates');
  if (actor.kind !== 'admin') forbidden();
  return (
    <>
      <PageHeader
        title="Certificates"
        about="For names of the host, and what domain owners added for theirs. All other names are shown the server’s own."
      />
      <CertificateList domain={null} path="/panel/certificates" searchParams={searchParams} />
    </>
  );
}
