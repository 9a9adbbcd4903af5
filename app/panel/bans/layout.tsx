import type { ReactNode } from 'react';
import { PageHeader } from '@/components/page-header.tsx';
import { TabLink } from '@/components/shell/tab-link.tsx';
import { requireOperator } from '@/session.ts';

export default async function BansLayout({ children }: { children: ReactNode }) {
  await requireOperator('/panel/bans');
  return (
    <>
      <PageHeader
        title="Sign-in protection"
        about="Who guesses passwords is slowed down, then banned: no sign-in to mail or panel. Mail still comes in."
      />
      <nav aria-label="Sign-in protection" className="mb-4 flex gap-1 overflow-x-auto border-b">
        <TabLink href="/panel/bans">Bans</TabLink>
        <TabLink href="/panel/bans/allowed">Allow-list</TabLink>
      </nav>
      {children}
    </>
  );
}
