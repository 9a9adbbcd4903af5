/** The one message being written: opening it, keeping it, sending it with a moment to think again. */
import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { toast } from 'sonner';
import type { DraftContent } from '#server/webmail/compose/draft.ts';
import { useAccount } from '../data/account.tsx';
import { errorMessage, sendJson } from '../data/api.ts';
import { keys } from '../data/queries.ts';
import type { AnswerMode } from '../data/use-open-message.ts';
import { bringBack, takeBack } from './bring-back.ts';
import { guardUnload } from './guard-unload.ts';
import { holdThenSend } from './hold-then-send.ts';
import { emptyDraft, withMessageId, withSignature } from './new-draft.ts';
import { sendDraft } from './send-draft.ts';
import { type OpenCompose, type Ref, useWindow, type WindowContent, type Windows } from './use-window.ts';

export interface Compose {
  window: OpenCompose | null;
  openNew: () => void;
  answer: (ref: Ref, mode: AnswerMode) => void;
  reopen: (ref: Ref) => void;
  close: (key: number) => void;
  /** Closes the window and sends after the chosen delay, unless it is taken back. */
  send: (key: number, content: WindowContent) => void;
  attach: Windows['attach'];
}

const TITLES = { reply: 'Reply', 'reply-all': 'Reply to all', forward: 'Forward', reopen: 'Draft' } as const;

export function useCompose(): Compose {
  const client = useQueryClient();
  const { account, preferences } = useAccount();
  const { window, windows } = useWindow();

  return useMemo(() => {
    const refreshAll = (): void => {
      void client.invalidateQueries({ queryKey: keys.folders });
      void client.invalidateQueries({ queryKey: ['messages'] });
    };
    const open = async (draft: DraftContent, title: string): Promise<void> => {
      const replaces = windows.isOpen();
      const named = withMessageId(draft, account.address);
      if ((await windows.show({ draft: named, title, again: false, unsaved: false })) && replaces) refreshAll();
    };
    const start = (ref: Ref, mode: AnswerMode | 'reopen'): void => {
      const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
      sendJson<DraftContent>('POST', 'drafts/start', { ...ref, mode, timeZone })
        .then((draft) =>
          open(
            mode === 'reopen'
              ? draft
              : withSignature({ ...draft, format: preferences.composeFormat }, preferences.signature),
            TITLES[mode],
          ),
        )
        .catch((error: unknown) =>
          toast.error('The message could not be opened', { description: errorMessage(error) }),
        );
    };
    const sendNow = async (content: WindowContent): Promise<void> => {
      const release = guardUnload();
      const failure = await sendDraft(content.draft, content.again);
      release();
      if (failure) await bringBack(windows, { ...content, title: failure.windowTitle, again: failure.again }, failure);
      refreshAll();
    };
    return {
      window,
      openNew: () =>
        void open(withSignature(emptyDraft(preferences.composeFormat), preferences.signature), 'New message'),
      answer: start,
      reopen: (ref) => {
        if (!windows.focusIfHeld(ref)) start(ref, 'reopen');
      },
      close: (key) => {
        windows.close(key);
        refreshAll();
      },
      send: (key, content) => {
        windows.close(key);
        holdThenSend(
          preferences.undoSendSeconds,
          () => void sendNow(content),
          () => void takeBack(windows, { ...content, title: 'Not sent yet' }),
        );
      },
      attach: windows.attach,
    };
  }, [client, account.address, preferences, window, windows]);
}
