import { Plus } from 'lucide-react';
import type { Metadata } from 'next';
import { OpenButton } from '@/components/open-button.tsx';
import { readParam, type SearchParams } from '@/list-params.ts';
import { CreateMailboxDialog } from '../../mailboxes/create-mailbox-dialog.tsx';
import { MailboxList } from '../../mailboxes/mailbox-list.tsx';
import { type DomainParams, findDomain } from './find-domain.ts';

export async function generateMetadata({ params }: DomainParams): Promise<Metadata> {
  return { title: (await findDomain((await params).domainId)).displayName };
}

export default async function DomainPage({ params, searchParams }: DomainParams & { searchParams: SearchParams }) {
  const domain = await findDomain((await params).domainId);
  const path = `/panel/domains/${domain.id}`;
  const add = (
    <OpenButton href={`${path}?new=1`} icon={<Plus aria-hidden />}>
      Add mailbox
    </OpenButton>
  );
  return (
    <>
      <MailboxList searchParams={searchParams} path={path} domainId={domain.id} add={add} />
      {readParam((await searchParams).new) && <CreateMailboxDialog domains={[domain]} />}
    </>
  );
}
