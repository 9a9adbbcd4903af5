/** A draft that saves itself: some time after the last change, one save at a time, and before it is sent or closed. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { DraftContent } from '#server/webmail/compose/draft.ts';
import { errorMessage, sendJson } from '../data/api.ts';
import { guardUnload } from './guard-unload.ts';

export type SaveState = 'untouched' | 'changed' | 'saving' | 'saved' | 'failed';

export interface SavedAnswer {
  saved: { folder: string; uid: number };
  attachments: DraftContent['attachments'];
}

const SAVE_AFTER_MS = 1_500;
/** Every save carries the attachments: large ones are saved less eagerly. */
const SAVE_LARGE_AFTER_MS = 15_000;
const LARGE_BYTES = 1024 * 1024;
const RETRY_AFTER_MS = 10_000;

export interface Draft {
  content: DraftContent;
  state: SaveState;
  change: (changes: Partial<DraftContent> | ((old: DraftContent) => Partial<DraftContent>)) => void;
  /** Saves until nothing is unsaved, whatever is typed meanwhile; `failure`: why that could not be. */
  settle: () => Promise<{ content: DraftContent; failure?: string }>;
  /** No more saves; resolves when the last one is over. */
  stop: () => Promise<DraftContent>;
}

/** What the person typed while a save was under way stays; what was saved is now a part of the saved message. */
export function mergeSaved(now: DraftContent, answer: SavedAnswer): DraftContent {
  const savedById = new Map(answer.attachments.map((attachment) => [attachment.id, attachment]));
  return {
    ...now,
    saved: answer.saved,
    attachments: now.attachments.map((attachment) => savedById.get(attachment.id) ?? attachment),
  };
}

/** `unsaved`: it comes from a window whose last save failed, or that had none. */
export function useDraft(initial: DraftContent, unsaved: boolean): Draft {
  const [content, setContent] = useState(initial);
  const [state, setState] = useState<SaveState>(unsaved ? 'changed' : 'untouched');
  const latest = useRef(initial);
  const dirty = useRef(unsaved);
  const failure = useRef<string>(undefined);
  const stopped = useRef(false);
  const running = useRef<Promise<void>>(Promise.resolve());
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const put = useCallback((next: DraftContent) => {
    latest.current = next;
    setContent(next);
  }, []);

  const saveOnce = useCallback(async (): Promise<void> => {
    if (!dirty.current || stopped.current) return;
    dirty.current = false;
    setState('saving');
    try {
      const answer = await sendJson<SavedAnswer>('POST', 'drafts', latest.current);
      put(mergeSaved(latest.current, answer));
      failure.current = undefined;
      setState(dirty.current ? 'changed' : 'saved');
    } catch (error) {
      // Shown as "not saved" and tried again; what is typed stays in the window.
      dirty.current = true;
      failure.current = errorMessage(error);
      setState('failed');
    }
  }, [put]);

  const flush = useCallback(async (): Promise<void> => {
    clearTimeout(timer.current);
    running.current = running.current.then(saveOnce);
    await running.current;
  }, [saveOnce]);

  const settle = useCallback<Draft['settle']>(async () => {
    for (;;) {
      await flush();
      if (stopped.current || !dirty.current) return { content: latest.current };
      if (failure.current !== undefined) return { content: latest.current, failure: failure.current };
    }
  }, [flush]);

  const change = useCallback<Draft['change']>(
    (changes) => {
      const given = typeof changes === 'function' ? changes(latest.current) : changes;
      put({ ...latest.current, ...given });
      dirty.current = true;
      setState('changed');
      clearTimeout(timer.current);
      const bytes = latest.current.attachments.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      timer.current = setTimeout(() => void flush(), bytes > LARGE_BYTES ? SAVE_LARGE_AFTER_MS : SAVE_AFTER_MS);
    },
    [flush, put],
  );

  const stop = useCallback(async (): Promise<DraftContent> => {
    clearTimeout(timer.current);
    stopped.current = true;
    await running.current;
    return latest.current;
  }, []);

  useEffect(() => {
    if (state !== 'failed') return;
    const retry = setTimeout(() => void flush(), RETRY_AFTER_MS);
    return () => clearTimeout(retry);
  }, [state, flush]);
  useEffect(() => {
    if (unsaved) timer.current = setTimeout(() => void flush(), SAVE_AFTER_MS);
  }, [unsaved, flush]);
  useEffect(() => (state === 'untouched' || state === 'saved' ? undefined : guardUnload()), [state]);
  // Whatever takes the window away, leaving webmail for another page included.
  useEffect(() => () => void flush(), [flush]);
  return { content, state, change, settle, stop };
}
