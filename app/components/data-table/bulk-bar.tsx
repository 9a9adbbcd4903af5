'use client';

import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { useSelection } from './selection.tsx';

/** Rises when rows are ticked, with what can be done to all of them. */
export function BulkBar({ children }: { children: ReactNode }) {
  const { selected, clear } = useSelection();
  return (
    <div aria-live="polite" className="contents">
      {selected.size > 0 && (
        <section
          aria-label="Selected rows"
          className="sticky bottom-3 z-20 mx-auto mt-3 flex w-fit max-w-full animate-enter flex-wrap items-center gap-2 rounded-lg border bg-surface px-3 py-2 shadow-floating"
        >
          <span className="font-medium text-sm tabular-nums">{selected.size} selected</span>
          {children}
          <Button variant="ghost" size="icon-sm" aria-label="Clear selection" onClick={clear}>
            <X aria-hidden />
          </Button>
        </section>
      )}
    </div>
  );
}
