import { useCallback, useState } from 'react';

export interface Selection {
  uids: ReadonlySet<number>;
  toggle: (uid: number) => void;
  /** Adds all of `uids`. */
  add: (uids: readonly number[]) => void;
  clear: () => void;
}

/** Selected messages of one list; another list begins with none. */
export function useSelection(listKey: string): Selection {
  const [state, setState] = useState({ listKey, uids: new Set<number>() });
  const uids = state.listKey === listKey ? state.uids : new Set<number>();
  const change = useCallback(
    (next: (old: ReadonlySet<number>) => Set<number>) =>
      setState((old) => ({ listKey, uids: next(old.listKey === listKey ? old.uids : new Set()) })),
    [listKey],
  );
  return {
    uids,
    toggle: (uid) =>
      change((old) => {
        const next = new Set(old);
        if (!next.delete(uid)) next.add(uid);
        return next;
      }),
    add: (more) => change((old) => new Set([...old, ...more])),
    clear: () => change(() => new Set()),
  };
}
