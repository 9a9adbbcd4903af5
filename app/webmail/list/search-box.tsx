import { Search, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Input } from '@/components/ui/input.tsx';
import { SEARCH_BOX_ID } from '../mail-keys.ts';

/** Searches on Enter; `from:ana has:attachment before:2026-01-01` and their like are understood by the server. */
export function SearchBox({ query, onSearch }: { query: string; onSearch: (query: string) => void }) {
  const [text, setText] = useState(query);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSearch(text.trim());
  };
  const clear = (): void => {
    setText('');
    if (query !== '') onSearch('');
  };
  return (
    <search>
      <form method="post" onSubmit={submit} className="relative">
        <Search
          className="pointer-events-none absolute top-1/2 left-2.5 size-4 -translate-y-1/2 text-muted-foreground"
          aria-hidden
        />
        <Input
          id={SEARCH_BOX_ID}
          type="text"
          inputMode="search"
          enterKeyHint="search"
          aria-label="Search this folder"
          placeholder="Search, or from: subject: has:attachment"
          className="pr-8 pl-8"
          dir="auto"
          autoComplete="off"
          maxLength={500}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.preventDefault();
            clear();
            event.currentTarget.blur();
          }}
        />
        {text !== '' && (
          <button
            type="button"
            aria-label="Clear the search"
            onClick={clear}
            className="absolute top-1/2 right-1.5 grid size-6 -translate-y-1/2 place-items-center rounded-md text-muted-foreground hover:bg-accent hover:text-foreground"
          >
            <X className="size-3.5" aria-hidden />
          </button>
        )}
      </form>
    </search>
  );
}
