import { Card } from '@/components/card.tsx';
import { Progress } from '@/components/ui/progress.tsx';
import { formatCount } from '@/format.ts';

interface LastDayCardProps {
  /** Trace events of the last 24 hours by kind. */
  lastDay: Readonly<Record<string, number>>;
}

const KINDS = [
  { kind: 'stored', label: 'Delivered to mailboxes', tone: 'primary' },
  { kind: 'submitted', label: 'Sent by mailboxes', tone: 'primary' },
  { kind: 'delivered', label: 'Delivered elsewhere', tone: 'primary' },
  { kind: 'deferred', label: 'Put off', tone: 'warning' },
  { kind: 'bounced', label: 'Returned', tone: 'destructive' },
  { kind: 'refused', label: 'Refused', tone: 'destructive' },
] as const;

/** What happened to mail in the last 24 hours. */
export function LastDayCard({ lastDay }: LastDayCardProps) {
  const most = Math.max(1, ...KINDS.map(({ kind }) => lastDay[kind] ?? 0));
  return (
    <Card title="Last 24 hours" about="Messages, by what happened to them.">
      <ul className="space-y-2.5">
        {KINDS.map(({ kind, label, tone }) => (
          <li key={kind} className="grid grid-cols-[10rem_minmax(0,1fr)_4rem] items-center gap-3 text-sm">
            <span>{label}</span>
            <Progress value={(lastDay[kind] ?? 0) / most} label={label} tone={tone} />
            <span className="text-right tabular-nums">{formatCount(lastDay[kind] ?? 0)}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
