/** The one window: it gives way to another message only once what is written in it is saved. */
import { useMemo, useRef, useState } from 'react';
import { toast } from 'sonner';
import type { DraftContent } from '#server/webmail/compose/draft.ts';

export interface Ref {
  folder: string;
  uid: number;
}

export interface WindowContent {
  draft: DraftContent;
  title: string;
  /** Its outcome was not known when it was sent before, and the person was told. */
  again: boolean;
  /** Drafts does not have it as it is. */
  unsaved: boolean;
}

export interface OpenCompose extends WindowContent {
  /** Another key, another window. */
  key: number;
}

/** What an open window does for those who ask about it from outside. */
interface WindowHandle {
  /** Saves what is unsaved; resolves with why the window has to stay, or undefined when nothing of it can be lost. */
  leave: () => Promise<string | undefined>;
  holds: (saved: Ref) => boolean;
  focus: () => void;
}

export interface Windows {
  isOpen: () => boolean;
  /** Saves the window that is open, then replaces it. Resolves with false, and says why, where that one has to stay. */
  show: (content: WindowContent) => Promise<boolean>;
  /** True where the window that is open holds this very draft; it gets the focus. */
  focusIfHeld: (saved: Ref) => boolean;
  /** Closes that window, not one that has replaced it. */
  close: (key: number) => void;
  attach: (handle: WindowHandle) => () => void;
}

export const STAYS_OPEN = 'The message you are writing stays open';

export function useWindow(): { window: OpenCompose | null; windows: Windows } {
  const [window, setWindow] = useState<OpenCompose | null>(null);
  const open = useRef<OpenCompose | null>(null);
  const attached = useRef<WindowHandle | null>(null);
  const counter = useRef(0);
  /** One after the other: the second saves what the first has opened. */
  const turn = useRef<Promise<unknown>>(Promise.resolve());

  const windows = useMemo<Windows>(() => {
    const set = (next: OpenCompose | null): void => {
      open.current = next;
      setWindow(next);
    };
    const replace = async (content: WindowContent): Promise<boolean> => {
      const stays = await attached.current?.leave();
      if (stays !== undefined) {
        toast.error(STAYS_OPEN, { description: stays });
        return false;
      }
      counter.current += 1;
      set({ ...content, key: counter.current });
      return true;
    };
    return {
      isOpen: () => open.current !== null,
      show: (content) => {
        const shown = turn.current.then(() => replace(content));
        turn.current = shown.catch(() => undefined);
        return shown;
      },
      focusIfHeld: (saved) => {
        if (!attached.current?.holds(saved)) return false;
        attached.current.focus();
        return true;
      },
      close: (key) => {
        if (open.current?.key === key) set(null);
      },
      attach: (handle) => {
        attached.current = handle;
        return () => {
          if (attached.current === handle) attached.current = null;
        };
      },
    };
  }, []);
  return { window, windows };
}
