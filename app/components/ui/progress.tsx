import { cn } from '../class-names.ts';

interface ProgressProps {
  /** 0 to 1; more counts as 1. */
  value: number;
  /** Accessible name. */
  label: string;
  tone?: 'primary' | 'warning' | 'destructive';
  className?: string;
}

const TONES = { primary: 'bg-primary', warning: 'bg-warning', destructive: 'bg-destructive' } as const;

export function Progress({ value, label, tone = 'primary', className }: ProgressProps) {
  const percent = Math.round(Math.min(Math.max(value, 0), 1) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className={cn('h-1.5 w-full overflow-hidden rounded-full bg-muted-foreground/20', className)}
    >
      <div className={cn('h-full rounded-full', TONES[tone])} style={{ width: `${percent}%` }} />
    </div>
  );
}
