import { Plus } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { Button } from '@/components/ui/button.tsx';
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
    <Button asChild>
      <Link href={`${path}?new=1`}>
        <Plus aria-hidden /> Add mailbox
      </Link>
    </Button>
  );
  return (
    <>
      <MailboxList searchParams={searchParams} path={path} domainId={domain.id} add={add} />
      {readParam((await searchParams).new) && <CreateMailboxDialog domains={[domain]} />}
    </>
  );
}
