import type { EngineServiceView } from '#server/engine/engine-nodes.ts';
import { Badge } from '@/components/ui/badge.tsx';
import { Progress } from '@/components/ui/progress.tsx';
import { formatCount } from '@/format.ts';

const NAMES: Readonly<Record<string, string>> = {
  smtp: 'SMTP',
  submission: 'Submission',
  imap: 'IMAP',
  pop3: 'POP3',
};

/** Why clients were turned away; a reason that is not here is shown by its name. */
const REASONS: Readonly<Record<string, string>> = {
  'service-full': 'service full',
  'address-full': 'too many of one address',
  'network-full': 'too many of one network',
  'address-rate': 'too often from one address',
  'network-rate': 'too often from one network',
  'waited-too-long': 'waited too long',
  denied: 'denied by a rule',
  'proxy-header': 'no PROXY header',
  'early-talker': 'talked too early',
};

function Turned({ refused }: { refused: EngineServiceView['refused'] }) {
  const reasons = Object.entries(refused).toSorted((a, b) => b[1] - a[1]);
  if (reasons.length === 0) return <span>Nobody was turned away.</span>;
  return (
    <span>
      Turned away: {reasons.map(([reason, count]) => `${formatCount(count)} ${REASONS[reason] ?? reason}`).join(', ')}.
    </span>
  );
}

export function ServiceRow({
  service: { service, open, limit, own, waiting, refused, top },
}: {
  service: EngineServiceView;
}) {
  const name = NAMES[service] ?? service;
  const share = limit > 0 ? open / limit : 0;
  return (
    <li className="border-b px-4 py-3 last:border-b-0">
      <div className="grid grid-cols-[6rem_minmax(0,1fr)_6rem] items-center gap-3 text-sm">
        <h3 className="font-medium">{name}</h3>
        <Progress
          value={share}
          label={`Places taken in ${name}`}
          tone={share >= 1 ? 'destructive' : share >= 0.8 ? 'warning' : 'primary'}
        />
        <span className="text-right tabular-nums">
          {formatCount(open)} / {formatCount(limit)}
        </span>
      </div>
      <p className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 text-muted-foreground text-xs">
        {waiting > 0 && <Badge variant="warning">{formatCount(waiting)} waiting</Badge>}
        {own > 0 && <span>{formatCount(own)} of our own machines.</span>}
        <Turned refused={refused} />
      </p>
      {top.length > 0 && (
        <p className="mt-1 break-words text-muted-foreground text-xs">
          Most from{' '}
          {top.map(({ address, connections }, index) => (
            <span key={address}>
              {index > 0 && ', '}
              <span className="font-mono text-foreground">{address}</span> ({formatCount(connections)})
            </span>
          ))}
        </p>
      )}
    </li>
  );
}
