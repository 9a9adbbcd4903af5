'use client';

import { createContext, type ReactNode, use, useMemo, useState } from 'react';
import { Checkbox } from '../ui/checkbox.tsx';

interface SelectionState {
  selected: ReadonlySet<string>;
  set: (ids: readonly string[], on: boolean) => void;
  clear: () => void;
}

const SelectionContext = createContext<SelectionState>({
  selected: new Set(),
  set: () => undefined,
  clear: () => undefined,
});

/** Holds which rows are ticked. Rows that left the page no longer count. */
export function Selection({ ids, children }: { ids: readonly string[]; children: ReactNode }) {
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const state = useMemo<SelectionState>(
    () => ({
      selected: new Set(ids.filter((id) => ticked.has(id))),
      set: (changed, on) => {
        setTicked((before) => {
          const after = new Set(before);
          for (const id of changed) {
            if (on) after.add(id);
            else after.delete(id);
          }
          return after;
        });
      },
      clear: () => setTicked(new Set()),
    }),
    [ids, ticked],
  );
  return <SelectionContext value={state}>{children}</SelectionContext>;
}

export function useSelection(): SelectionState {
  return use(SelectionContext);
}

export function RowCheckbox({ id, label }: { id: string; label: string }) {
  const { selected, set } = useSelection();
  return (
    <Checkbox
      data-row-checkbox
      aria-label={`Select ${label}`}
      checked={selected.has(id)}
      onCheckedChange={(on) => set([id], on === true)}
    />
  );
}

export function SelectAllCheckbox({ ids }: { ids: readonly string[] }) {
  const { selected, set } = useSelection();
  const all = ids.length > 0 && ids.every((id) => selected.has(id));
  const some = ids.some((id) => selected.has(id));
  return (
    <Checkbox
      aria-label="Select all on this page"
      checked={all ? true : some ? 'indeterminate' : false}
      onCheckedChange={(on) => set(ids, on === true)}
    />
  );
}
