import { Unplug } from 'lucide-react';
import { listOpenings } from '#server/access-rules/pop-before-smtp/list-openings.ts';
import { revokeOpeningsAction } from '@/actions/access-rules.ts';
import { plural } from '@/format.ts';
import { read } from '@/read.ts';
import { DeedButton } from '../act/deed-button.tsx';
import { Time } from '../time.tsx';

const SHOWN = 20;

/** What is open for relaying now, of a domain or of a mailbox. */
export async function OpeningsList(filters: { domainId: string } | { accountId: string }) {
  const { rows, total } = await read(listOpenings, { direction: 'desc', pageSize: SHOWN, filters });
  if (total === 0) return <p className="text-muted-foreground text-sm">Nothing is open now.</p>;
  return (
    <>
      <ul className="divide-y rounded-md border">
        {rows.map(({ id, address, account, expiresAt }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2 text-sm">
            <span className="break-all font-mono">{address}</span>
            <span className="mr-auto min-w-0 break-words text-muted-foreground">
              by {account}, ends <Time at={expiresAt} />
            </span>
            <DeedButton
              ids={[id]}
              size="sm"
              label="End"
              icon={<Unplug aria-hidden />}
              action={revokeOpeningsAction}
              done={`${address} may no longer send as ${account}.`}
            />
          </li>
        ))}
      </ul>
      {total > rows.length && (
        <p className="text-muted-foreground text-xs">and {plural(total - rows.length, 'more')}.</p>
      )}
    </>
  );
}
