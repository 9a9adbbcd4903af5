import { ServerOff } from 'lucide-react';
import type { EngineNodeView } from '#server/engine/engine-nodes.ts';
import { engineStatus } from '#server/engine/engine-status.ts';
import { Card } from '@/components/card.tsx';
import { Fact, Facts } from '@/components/facts.tsx';
import { TextLink } from '@/components/text-link.tsx';
import { Time } from '@/components/time.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { EmptyState } from '@/components/ui/empty-state.tsx';
import { Progress } from '@/components/ui/progress.tsx';
import { formatBytes, formatCount } from '@/format.ts';
import { read } from '@/read.ts';

type Listener = EngineNodeView['listeners'][number];

function ListenerRow({ listener: { service, address, port, connections, limit } }: { listener: Listener }) {
  return (
    <li className="grid grid-cols-[6.5rem_3.5rem_minmax(0,1fr)_4.5rem] items-center gap-3 py-1 text-sm">
      <span>{service}</span>
      <span className="text-muted-foreground tabular-nums" title={address}>
        {port}
      </span>
      <Progress value={limit > 0 ? connections / limit : 0} label={`Connections of ${service} on ${address}`} />
      <span className="text-right text-muted-foreground text-xs tabular-nums">
        {formatCount(connections)} / {formatCount(limit)}
      </span>
    </li>
  );
}

function NodeSection({ node }: { node: EngineNodeView }) {
  return (
    <li className="border-b px-4 py-3 last:border-b-0">
      <p className="mb-2 flex flex-wrap items-center gap-2 text-sm">
        <span className="font-medium">{node.host}</span>
        {node.alive ? <Badge variant="success">Running</Badge> : <Badge variant="destructive">Silent</Badge>}
        <span className="text-muted-foreground text-xs">
          version {node.version}, started <Time at={node.startedAt} />
          {!node.alive && (
            <>
              , last seen <Time at={node.seenAt} />
            </>
          )}
          {node.rssBytes !== null && `, ${formatBytes(node.rssBytes)} of memory`}
        </span>
      </p>
      {node.alive && (
        <ul>
          {node.listeners.map((listener) => (
            <ListenerRow key={`${listener.address}:${listener.port}`} listener={listener} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** The running engines and the queue, for admins. */
export async function EngineCard() {
  const { nodes, queue, store } = await read(engineStatus, {});
  return (
    <Card title="Mail engine" flush action={<TextLink href="/panel/connections">Connections</TextLink>}>
      {nodes.length === 0 ? (
        <EmptyState icon={ServerOff} title="No engine is running">
          Mail is neither received nor delivered. Start Mailstead, or look at its log.
        </EmptyState>
      ) : (
        <ul>
          {nodes.map((node) => (
            <NodeSection key={node.id} node={node} />
          ))}
        </ul>
      )}
      <div className="border-t px-4 py-3">
        <Facts>
          <Fact name="Queue">
            <TextLink href="/panel/queue" className="font-normal">
              {formatCount(queue.waiting)} waiting, {formatCount(queue.leased)} under way, {formatCount(queue.held)}{' '}
              held
            </TextLink>
          </Fact>
          <Fact name="Database">
            {formatBytes(store.databaseBytes)} on disk, {formatBytes(store.mailBytes)} of mail
          </Fact>
        </Facts>
      </div>
    </Card>
  );
}
