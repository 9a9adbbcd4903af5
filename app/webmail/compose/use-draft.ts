/** A draft that saves itself: some time after the last change, one save at a time, and before it is sent or closed. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { DraftContent } from '#server/webmail/compose/draft.ts';
import { sendJson } from '../data/api.ts';

export type SaveState = 'untouched' | 'changed' | 'saving' | 'saved' | 'failed';

interface SavedAnswer {
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
  /** Saves what is not saved yet; resolves with the draft as it is on the server. */
  flush: () => Promise<DraftContent>;
  /** No more saves; resolves when the last one is over. */
  stop: () => Promise<DraftContent>;
}

/** What the person typed while a save was under way stays; what was saved is now a part of the saved message. */
function mergeSaved(now: DraftContent, answer: SavedAnswer): DraftContent {
  const savedById = new Map(answer.attachments.map((attachment) => [attachment.id, attachment]));
  return {
    ...now,
    saved: answer.saved,
    attachments: now.attachments.map((attachment) => savedById.get(attachment.id) ?? attachment),
  };
}

export function useDraft(initial: DraftContent): Draft {
  const [content, setContent] = useState(initial);
  const [state, setState] = useState<SaveState>('untouched');
  const latest = useRef(initial);
  const dirty = useRef(false);
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
      setState(dirty.current ? 'changed' : 'saved');
    } catch {
      // Shown as "not saved" and tried again; what is typed stays in the window.
      dirty.current = true;
      setState('failed');
    }
  }, [put]);

  const flush = useCallback(async (): Promise<DraftContent> => {
    clearTimeout(timer.current);
    running.current = running.current.then(saveOnce);
    await running.current;
    return latest.current;
  }, [saveOnce]);

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
  useEffect(() => () => clearTimeout(timer.current), []);
  return { content, state, change, flush, stop };
}
