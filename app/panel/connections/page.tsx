import { ServerOff } from 'lucide-react';
import type { Metadata } from 'next';
import type { EngineNodeView } from '#server/engine/engine-nodes.ts';
import { listConnections } from '#server/engine/list-connections.ts';
import { Card } from '@/components/card.tsx';
import { KeepFresh } from '@/components/keep-fresh.tsx';
import { PageHeader } from '@/components/page-header.tsx';
import { TextLink } from '@/components/text-link.tsx';
import { Time } from '@/components/time.tsx';
import { EmptyState } from '@/components/ui/empty-state.tsx';
import { read } from '@/read.ts';
import { requireOperator } from '@/session.ts';
import { ServiceRow } from './service-row.tsx';

export const metadata: Metadata = { title: 'Connections' };

/** As often as engines tell. */
const EVERY_SECONDS = 5;

function NodeCard({ node: { host, pid, alive, seenAt, services } }: { node: EngineNodeView }) {
  return (
    <Card
      title={host}
      flush
      about={
        <>
          Process {pid}, {alive ? 'heard from' : 'silent, last heard from'} <Time at={seenAt} />
        </>
      }
    >
      <ul>
        {services.map((service) => (
          <ServiceRow key={service.service} service={service} />
        ))}
      </ul>
    </Card>
  );
}

export default async function ConnectionsPage() {
  await requireOperator('/panel/connections');
  const nodes = await read(listConnections, {});
  return (
    <div className="max-w-4xl">
      <KeepFresh everySeconds={EVERY_SECONDS} />
      <PageHeader title="Connections" about="Who is connected to the mail services now, and who was turned away." />
      {nodes.length === 0 ? (
        <Card title="Mail engine">
          <EmptyState icon={ServerOff} title="No engine is running">
            Mail is neither received nor delivered. Start Mailstead, or look at its log.
          </EmptyState>
        </Card>
      ) : (
        <div className="space-y-4">
          {nodes.map((node) => (
            <NodeCard key={node.id} node={node} />
          ))}
        </div>
      )}
      <p className="mt-3 text-muted-foreground text-xs">
        How many each service takes, and what happens when it is full, is chosen in{' '}
        <TextLink href="/panel/settings">Settings</TextLink>.
      </p>
    </div>
  );
}
