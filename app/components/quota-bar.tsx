import { formatBytes } from '@/format.ts';
import { Progress } from './ui/progress.tsx';

const NEARLY_FULL = 0.8;
const FULL = 0.95;

function toneOf(share: number): 'primary' | 'warning' | 'destructive' {
  if (share >= FULL) return 'destructive';
  return share >= NEARLY_FULL ? 'warning' : 'primary';
}

/** What a mailbox holds of what it may; without a quota only what it holds. */
export function QuotaBar({ usedBytes, quotaBytes, label }: { usedBytes: number; quotaBytes: number; label: string }) {
  if (quotaBytes === 0) {
    return (
      <span className="whitespace-nowrap text-xs tabular-nums">
        {formatBytes(usedBytes)} <span className="text-muted-foreground max-md:hidden">of unlimited</span>
      </span>
    );
  }
  const share = usedBytes / quotaBytes;
  return (
    <div className="w-full min-w-20 md:min-w-28 max-w-52 space-y-1">
      <p className="flex justify-between gap-2 whitespace-nowrap text-xs tabular-nums">
        <span>{formatBytes(usedBytes)}</span>
        <span className="text-muted-foreground max-md:hidden">{formatBytes(quotaBytes)}</span>
      </p>
      <Progress value={share} label={label} tone={toneOf(share)} />
    </div>
  );
}
