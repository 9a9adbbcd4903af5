import { formatDateTime, formatRelative } from '@/format.ts';

/** A moment in relation to now; the exact time on hover. */
export function Time({ at, now = new Date() }: { at: string | Date; now?: Date }) {
  const date = new Date(at);
  const exact = formatDateTime(date);
  return (
    <time dateTime={date.toISOString()} title={exact} className="whitespace-nowrap">
      {formatRelative(date, now)}
    </time>
  );
}
