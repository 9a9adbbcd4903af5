import { Unlock } from 'lucide-react';
import type { BanView } from '#server/bans/ban-view.ts';
import { liftBansAction, restoreBansAction } from '@/actions/bans.ts';
import { DeedButton } from '@/components/act/deed-button.tsx';
import type { Column } from '@/components/data-table/data-table.tsx';
import { Time } from '@/components/time.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { formatCount, plural } from '@/format.ts';

const SERVICES: Readonly<Record<string, string>> = {
  web: 'web',
  imap: 'IMAP',
  pop3: 'POP3',
  submission: 'submission',
};

function networkCell({ network, reason, bannedBy, lastLogin, service, times }: BanView) {
  const tried = lastLogin !== null && `tried ${lastLogin}${service ? ` (${SERVICES[service] ?? service})` : ''}`;
  const notes = [tried, times > 1 && `banned ${plural(times, 'time')}`, bannedBy !== null && `by ${bannedBy}`];
  return (
    <div className="min-w-0 max-w-md">
      <p className="break-all font-medium font-mono">{network}</p>
      <p className="break-words text-xs">{reason}</p>
      <p className="break-words text-muted-foreground text-xs">{notes.filter(Boolean).join(', ')}</p>
    </div>
  );
}

function untilCell({ until }: BanView) {
  return until === null ? <Badge variant="warning">Until lifted</Badge> : <Time at={until} />;
}

export const BAN_COLUMNS: readonly Column<BanView>[] = [
  { id: 'network', header: 'Network', sort: 'network', cell: networkCell },
  {
    id: 'failures',
    header: 'Failures',
    sort: 'failures',
    align: 'right',
    show: 'wide',
    className: 'tabular-nums',
    cell: ({ automatic, failures }) => (automatic ? formatCount(failures) : '—'),
  },
  { id: 'since', header: 'Since', sort: 'since', show: 'wide', cell: (row) => <Time at={row.since} /> },
  { id: 'until', header: 'Ends', sort: 'until', cell: untilCell },
  {
    id: 'deeds',
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    cell: ({ id, network }) => (
      <DeedButton
        ids={[id]}
        size="sm"
        label="Lift"
        icon={<Unlock aria-hidden />}
        action={liftBansAction}
        undo={restoreBansAction}
        done={`${network} may sign in again.`}
      />
    ),
  },
];
