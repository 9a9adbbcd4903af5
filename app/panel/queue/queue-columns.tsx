import { Pause, Play, RefreshCw, Trash2 } from 'lucide-react';
import type { QueueEntryView } from '#server/queue/entry-view.ts';
import { deleteEntriesAction, holdEntriesAction, releaseEntriesAction, retryEntriesAction } from '@/actions/queue.ts';
import { RowMenu } from '@/components/act/row-menu.tsx';
import type { Column } from '@/components/data-table/data-table.tsx';
import { Time } from '@/components/time.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { formatBytes, formatCount } from '@/format.ts';

export const DELETE_CONFIRM = {
  title: 'Delete this mail from the queue?',
  description: 'It is not delivered and its sender is not told. This cannot be undone.',
  confirm: 'Delete from queue',
};

const STATES: Readonly<Record<QueueEntryView['state'], { label: string; variant: 'neutral' | 'primary' | 'warning' }>> =
  {
    waiting: { label: 'Waiting', variant: 'neutral' },
    leased: { label: 'Under way', variant: 'primary' },
    held: { label: 'Held', variant: 'warning' },
    delivered: { label: 'Delivered', variant: 'neutral' },
    bounced: { label: 'Returning', variant: 'neutral' },
  };

function recipientCell({ recipient, sender, lastReply, holdReason }: QueueEntryView) {
  return (
    <div className="min-w-0 max-w-xl">
      <p className="break-all font-medium">{recipient}</p>
      <p className="break-words text-muted-foreground text-xs">from {sender || 'the mail system (a notice)'}</p>
      {holdReason && <p className="mt-0.5 break-words text-warning text-xs">{holdReason}</p>}
      {lastReply && <p className="mt-0.5 break-words font-mono text-muted-foreground text-xs">{lastReply}</p>}
    </div>
  );
}

function isScheduled({ notBefore }: QueueEntryView): boolean {
  return notBefore !== null && new Date(notBefore) > new Date();
}

function stateCell(entry: QueueEntryView) {
  if (entry.state === 'waiting' && isScheduled(entry)) return <Badge variant="primary">Scheduled</Badge>;
  return <Badge variant={STATES[entry.state].variant}>{STATES[entry.state].label}</Badge>;
}

function nextTryCell(entry: QueueEntryView) {
  const { state, nextAttemptAt, notBefore } = entry;
  if (notBefore !== null && isScheduled(entry)) return <Time at={notBefore} />;
  if (state !== 'waiting') return '—';
  return new Date(nextAttemptAt) <= new Date() ? 'due' : <Time at={nextAttemptAt} />;
}

function EntryMenu({ entry: { id, recipient, state } }: { entry: QueueEntryView }) {
  const hold = {
    label: 'Hold',
    icon: <Pause aria-hidden />,
    action: holdEntriesAction,
    undo: releaseEntriesAction,
    done: `${recipient} held.`,
  };
  const release = {
    label: 'Release',
    icon: <Play aria-hidden />,
    action: releaseEntriesAction,
    done: `${recipient} released.`,
  };
  return (
    <RowMenu
      id={id}
      label={recipient}
      items={[
        { label: 'Try now', icon: <RefreshCw aria-hidden />, action: retryEntriesAction, done: `${recipient} tried.` },
        state === 'held' ? release : hold,
        {
          label: 'Delete',
          icon: <Trash2 aria-hidden />,
          destructive: true,
          action: deleteEntriesAction,
          done: `${recipient} deleted from the queue.`,
          confirm: DELETE_CONFIRM,
        },
      ]}
    />
  );
}

export const QUEUE_COLUMNS: readonly Column<QueueEntryView>[] = [
  { id: 'recipient', header: 'Recipient', sort: 'recipient', cell: recipientCell },
  {
    id: 'state',
    header: 'State',
    sort: 'state',
    cell: stateCell,
  },
  {
    id: 'attempts',
    header: 'Tries',
    sort: 'attempts',
    align: 'right',
    show: 'wide',
    className: 'tabular-nums',
    cell: (row) => formatCount(row.attempts),
  },
  {
    id: 'next',
    header: 'Next try',
    sort: 'nextAttemptAt',
    show: 'wide',
    cell: nextTryCell,
  },
  { id: 'created', header: 'Queued', sort: 'createdAt', show: 'wide', cell: (row) => <Time at={row.createdAt} /> },
  {
    id: 'size',
    header: 'Size',
    sort: 'sizeBytes',
    align: 'right',
    show: 'wide',
    className: 'whitespace-nowrap tabular-nums',
    cell: (row) => formatBytes(row.sizeBytes),
  },
  {
    id: 'menu',
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    className: 'w-10',
    cell: (row) => <EntryMenu entry={row} />,
  },
];
