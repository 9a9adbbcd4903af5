import { X } from 'lucide-react';
import Link from 'next/link';
import { summariseQueue } from '#server/queue/summarise-queue.ts';
import { formatCount } from '@/format.ts';
import { read } from '@/read.ts';

const SHOWN = 8;

const CHIP =
  'inline-flex h-7 items-center gap-2 rounded-full border bg-surface px-3 text-sm shadow-raised hover:border-ring/60 aria-[current=true]:border-primary aria-[current=true]:bg-accent';

/** Where mail piles up: the destinations with most entries, each a filter of the list. */
export async function Destinations({ chosen }: { chosen: string | undefined }) {
  const { rows } = await read(summariseQueue, { sort: 'entries', direction: 'desc', pageSize: SHOWN });
  const listed = rows.some((row) => row.destination === chosen);
  if (rows.length === 0 && chosen === undefined) return null;
  return (
    <nav aria-label="Destinations" className="mb-3 flex flex-wrap gap-2">
      {rows.map(({ destination, waiting, leased, held, lastReply }) => (
        <Link
          key={destination}
          prefetch={false}
          href={destination === chosen ? '/panel/queue' : `/panel/queue?destination=${encodeURIComponent(destination)}`}
          aria-current={destination === chosen}
          title={lastReply ?? undefined}
          className={CHIP}
        >
          {destination}
          <span className="text-muted-foreground tabular-nums">{formatCount(waiting + leased + held)}</span>
          {destination === chosen && <X className="size-3.5" aria-hidden />}
        </Link>
      ))}
      {chosen !== undefined && !listed && (
        <Link href="/panel/queue" prefetch={false} aria-current="true" className={CHIP}>
          {chosen} <X className="size-3.5" aria-hidden />
        </Link>
      )}
    </nav>
  );
}
