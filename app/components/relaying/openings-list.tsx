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
          <li key={id} className="flex items-center gap-3 px-3 py-2 text-sm">
            <div className="mr-auto min-w-0">
              <p className="break-all font-mono">{address}</p>
              <p className="break-words text-muted-foreground text-xs">
                by {account}, ends <Time at={expiresAt} />
              </p>
            </div>
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
