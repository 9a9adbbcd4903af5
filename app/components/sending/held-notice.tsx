import { OctagonPause } from 'lucide-react';
import Link from 'next/link';
import type { HeldView } from '#server/held-mail/held-mail-view.ts';
import { listHeld } from '#server/held-mail/list-held.ts';
import { plural } from '@/format.ts';
import { read } from '@/read.ts';

function ofOne({ kind, messages, reason }: HeldView): string {
  const what = kind === 'account' ? 'Outgoing mail of this mailbox' : 'Mail that this domain forwards';
  return `${what} is held: ${plural(messages, 'message')}. ${reason}`;
}

function ofAll({ kind, address }: HeldView, total: number): string {
  if (total > 1) return `Mail of ${total} mailboxes or domains is held.`;
  return kind === 'account' ? `Outgoing mail of ${address} is held.` : `Mail that ${address} forwards is held.`;
}

/** Says that mail is held: of one mailbox or domain (`held-id.ts`), or of how many of those one looks after. Nothing where none is. */
export async function HeldNotice({ id }: { id?: string }) {
  const { rows, total } = await read(listHeld, { pageSize: 1, filters: id === undefined ? {} : { id } });
  const [held] = rows;
  if (!held) return null;
  return (
    <section
      aria-label="Held mail"
      className="flex items-start gap-2 rounded-lg bg-warning-soft px-4 py-2.5 text-sm text-warning lg:col-span-2"
    >
      <OctagonPause className="mt-0.5 size-4 shrink-0" aria-hidden />
      <div className="flex min-w-0 flex-1 flex-wrap justify-between gap-x-4 gap-y-2">
        <p className="wrap-anywhere min-w-0 flex-1 basis-64 text-pretty">
          {id === undefined ? ofAll(held, total) : ofOne(held)}
        </p>
        <Link
          href={id === undefined ? '/panel/held' : `/panel/held/${id}`}
          className="whitespace-nowrap font-medium underline underline-offset-2"
        >
          Look at it
        </Link>
      </div>
    </section>
  );
}
