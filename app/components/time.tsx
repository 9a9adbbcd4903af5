import { formatDateTime, formatRelative } from '@/format.ts';

/** A moment in relation to now; the exact time on hover. */
export function Time({ at, now }: { at: Date; now: Date }) {
  const exact = formatDateTime(at);
  return (
    <time dateTime={at.toISOString()} title={exact} className="whitespace-nowrap">
      {formatRelative(at, now)}
    </time>
  );
}
