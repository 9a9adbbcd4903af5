import type { Metadata } from 'next';
import { CertificateList } from '@/components/certificates/certificate-list.tsx';
import type { SearchParams } from '@/list-params.ts';
import { requireOperator } from '@/session.ts';
import { type DomainParams, findDomain } from '../find-domain.ts';

export const metadata: Metadata = { title: 'Certificates' };

export default async function DomainCertificatesPage({
  params,
  searchParams,
}: DomainParams & { searchParams: SearchParams }) {
  await requireOperator();
  const { id, name } = await findDomain((await params).domainId);
  return (
    <CertificateList domain={{ id, name }} path={`/panel/domains/${id}/certificates`} searchParams={searchParams} />
  );
}
