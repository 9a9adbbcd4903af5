import { useAccount } from '../data/account.tsx';
import type { Draft } from './use-draft.ts';

/** From, where there is more than one address to write as. */
export function SenderField({ draft: { content, change } }: { draft: Draft }) {
  const { account, senders } = useAccount();
  const chosen = senders.find((address) => address === content.from) ?? account.address;
  if (senders.length < 2) return null;
  return (
    <div className="flex items-center border-b px-4">
      <label htmlFor="compose-from" className="mr-1 w-14 shrink-0 text-muted-foreground text-sm">
        From
      </label>
      <select
        id="compose-from"
        value={chosen}
        onChange={(event) => change({ from: event.target.value === account.address ? null : event.target.value })}
        className="h-10 min-w-0 flex-1 bg-transparent [&>option]:bg-surface"
      >
        {senders.map((address) => (
          <option key={address} value={address}>
            {address}
          </option>
        ))}
      </select>
    </div>
  );
}
