import { Menu, PenLine } from 'lucide-react';
import type { FolderInfo } from '#server/webmail/types.ts';
import { cn } from '@/components/class-names.ts';
import { Button } from '@/components/ui/button.tsx';
import { formatCount, plural } from '@/format.ts';
import { goTo, type MailPlace } from '../data/location.ts';
import { folderName } from '../folders/folder-icon.ts';
import { SearchBox } from './search-box.tsx';

interface ListHeaderProps {
  place: MailPlace;
  folder: FolderInfo | undefined;
  total: number;
  ready: boolean;
  onMenu: () => void;
  onCompose: () => void;
}

const FILTERS = [
  ['', 'All'],
  ['is:unread', 'Unread'],
  ['is:starred', 'Starred'],
] as const;

export function ListHeader({ place, folder, total, ready, onMenu, onCompose }: ListHeaderProps) {
  const filtered = FILTERS.some(([query]) => query === place.query);
  const count = place.query === '' ? `${formatCount(total)}` : plural(total, 'result');
  return (
    <header className="shrink-0 space-y-2 border-b px-3 pt-2 pb-2">
      <div className="flex h-9 items-center gap-1.5">
        <Button variant="ghost" size="icon" className="lg:hidden" aria-label="Folders" onClick={onMenu}>
          <Menu aria-hidden />
        </Button>
        <h2 className="truncate pl-1 font-semibold text-lg" dir="auto">
          {folder ? folderName(folder) : place.folder}
        </h2>
        {ready && <span className="text-muted-foreground text-sm tabular-nums">{count}</span>}
        <fieldset className="ml-auto flex rounded-md bg-muted p-0.5">
          <legend className="sr-only">Show</legend>
          {FILTERS.map(([query, label]) => (
            <button
              key={label}
              type="button"
              aria-pressed={place.query === query}
              onClick={() => goTo({ ...place, uid: null, query })}
              className={cn(
                'rounded-sm px-2 py-0.5 text-muted-foreground text-xs hover:text-foreground',
                place.query === query && 'bg-surface font-medium text-foreground shadow-raised',
              )}
            >
              {label}
            </button>
          ))}
        </fieldset>
        <Button size="icon" className="lg:hidden" aria-label="Compose" onClick={onCompose}>
          <PenLine aria-hidden />
        </Button>
      </div>
      <SearchBox
        key={place.folder + place.query}
        query={filtered ? '' : place.query}
        onSearch={(query) => goTo({ ...place, uid: null, query })}
      />
    </header>
  );
}
