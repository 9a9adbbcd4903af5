import type { ReactNode } from 'react';
import { setCatchAll } from '#server/domains/set-catch-all.ts';
import { PageHeader } from '@/components/page-header.tsx';
import { TabLink } from '@/components/shell/tab-link.tsx';
import { StateBadge } from '@/components/state-badge.tsx';
import { formatBytes, plural } from '@/format.ts';
import { may } from '@/may.ts';
import { requireOperator } from '@/session.ts';
import { type DomainParams, findDomain } from './find-domain.ts';

export default async function DomainLayout({ params, children }: DomainParams & { children: ReactNode }) {
  const actor = await requireOperator();
  const domain = await findDomain((await params).domainId);
  const path = `/panel/domains/${domain.id}`;
  return (
    <>
      <PageHeader
        title={domain.displayName}
        badge={<StateBadge suspendedAt={domain.suspendedAt} />}
        about={`${plural(domain.accounts, 'mailbox', 'mailboxes')}, ${formatBytes(domain.usedBytes)} of mail${domain.owner ? `, owned by ${domain.owner.email}` : ''}`}
        crumbs={[{ label: 'Domains', href: '/panel/domains' }, { label: domain.name }]}
      />
      <nav aria-label="Domain" className="mb-4 flex gap-1 overflow-x-auto border-b">
        <TabLink href={path}>Mailboxes</TabLink>
        <TabLink href={`${path}/addresses`}>Addresses</TabLink>
        <TabLink href={`${path}/certificates`}>Certificates</TabLink>
        {may(actor, setCatchAll) && <TabLink href={`${path}/settings`}>Settings</TabLink>}
      </nav>
      {children}
    </>
  );
}
