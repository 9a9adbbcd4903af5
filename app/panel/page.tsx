import type { Metadata } from 'next';
import { getDashboard } from '#server/dashboard/get-dashboard.ts';
import { PageHeader } from '@/components/page-header.tsx';
import { HeldNotice } from '@/components/sending/held-notice.tsx';
import { read } from '@/read.ts';
import { requireOperator } from '@/session.ts';
import { EngineCard } from './dashboard/engine-card.tsx';
import { LastDayCard } from './dashboard/last-day-card.tsx';
import { Numbers } from './dashboard/numbers.tsx';
import { Welcome } from './dashboard/welcome.tsx';

export const metadata: Metadata = { title: 'Dashboard' };

export default async function DashboardPage() {
  const actor = await requireOperator('/panel');
  const dashboard = await read(getDashboard, {});
  return (
    <>
      <PageHeader title="Dashboard" about="What is hosted here, and how it is doing." />
      <div className="space-y-4">
        {dashboard.domains.total === 0 && <Welcome canAdd={actor.kind !== 'domain-owner'} />}
        <HeldNotice />
        <Numbers dashboard={dashboard} />
        <div className="grid items-start gap-4 lg:grid-cols-2">
          {actor.kind === 'admin' && <EngineCard />}
          <LastDayCard lastDay={dashboard.lastDay} />
        </div>
      </div>
    </>
  );
}
