import { OctagonPause } from 'lucide-react';
import Link from 'next/link';
import { listHeld } from '#server/held-mail/list-held.ts';
import { plural } from '@/format.ts';
import { read } from '@/read.ts';

/** Says that mail is held: of one mailbox, or of how many mailboxes and domains one looks after. Nothing where none is. */
export async function HeldNotice({ accountId }: { accountId?: string }) {
  const filters = accountId === undefined ? {} : { id: accountId };
  const { rows, total } = await read(listHeld, { pageSize: 1, filters });
  const [held] = rows;
  if (!held) return null;
  const text =
    accountId === undefined
      ? `Outgoing mail of ${total === 1 ? held.name : plural(total, 'mailbox or domain', 'mailboxes and domains')} is held.`
      : `Outgoing mail of this mailbox is held: ${plural(held.messages, 'message')}. ${held.reason}`;
  return (
    <section
      aria-label="Held mail"
      className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-lg bg-warning-soft px-4 py-2.5 text-sm text-warning lg:col-span-2"
    >
      <p className="flex min-w-0 items-start gap-2">
        <OctagonPause className="mt-0.5 size-4 shrink-0" aria-hidden />
        {text}
      </p>
      <Link
        href={accountId === undefined ? '/panel/held' : `/panel/held/${accountId}`}
        className="whitespace-nowrap font-medium underline underline-offset-2"
      >
        Look at it
      </Link>
    </section>
  );
}
