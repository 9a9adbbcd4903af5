import type { ReactNode } from 'react';
import { PageHeader } from '@/components/page-header.tsx';
import { TabLink } from '@/components/shell/tab-link.tsx';
import { requireOperator } from '@/session.ts';
import { SERVICE_LABELS } from './services.ts';

export default async function AccessLayout({ children }: { children: ReactNode }) {
  await requireOperator('/panel/access');
  return (
    <>
      <PageHeader
        title="Access rules"
        about="Who may connect to which service, and what holds for them there. The syntax is that of tcprules."
      />
      <nav aria-label="Access rules" className="mb-4 flex gap-1 overflow-x-auto border-b">
        {Object.entries(SERVICE_LABELS).map(([service, label]) => (
          <TabLink key={service} href={`/panel/access/${service}`}>
            {label}
          </TabLink>
        ))}
        <TabLink href="/panel/access/openings">POP-before-SMTP</TabLink>
      </nav>
      {children}
    </>
  );
}
