/** The one message being written: opening it, keeping it, sending it with a moment to think again. */
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { toast } from 'sonner';
import type { DraftContent } from '#server/webmail/compose/draft.ts';
import { useAccount } from '../data/account.tsx';
import { errorMessage, sendJson } from '../data/api.ts';
import { keys } from '../data/queries.ts';
import type { AnswerMode } from '../data/use-open-message.ts';
import { holdThenSend } from './hold-then-send.ts';
import { emptyDraft, withMessageId, withSignature } from './new-draft.ts';
import { sendDraft } from './send-draft.ts';

interface Ref {
  folder: string;
  uid: number;
}

export interface OpenCompose {
  /** Another key, another window. */
  key: number;
  draft: DraftContent;
  title: string;
  /** Its outcome was not known when it was sent before, and the person was told. */
  again: boolean;
}

export interface Compose {
  window: OpenCompose | null;
  openNew: () => void;
  answer: (ref: Ref, mode: AnswerMode) => void;
  reopen: (ref: Ref) => void;
  close: () => void;
  /** Closes the window and sends after the chosen delay, unless it is taken back. */
  send: (draft: DraftContent, again: boolean) => void;
}

const TITLES = { reply: 'Reply', 'reply-all': 'Reply to all', forward: 'Forward', reopen: 'Draft' } as const;

export function useCompose(): Compose {
  const client = useQueryClient();
  const { account, preferences } = useAccount();
  const [window, setWindow] = useState<OpenCompose | null>(null);
  const counter = useRef(0);

  return useMemo(() => {
    const show = (draft: DraftContent, title: string, again = false): void => {
      counter.current += 1;
      setWindow({ key: counter.current, draft: withMessageId(draft, account.address), title, again });
    };
    const start = (ref: Ref, mode: AnswerMode | 'reopen'): void => {
      const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
      sendJson<DraftContent>('POST', 'drafts/start', { ...ref, mode, timeZone })
        .then((draft) =>
          show(
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
    const refresh = (draft: DraftContent): void => {
      void client.invalidateQueries({ queryKey: keys.folders });
      for (const folder of [draft.saved?.folder, draft.answers?.folder, 'Sent', 'INBOX']) {
        if (folder !== undefined) void client.invalidateQueries({ queryKey: keys.messages(folder) });
      }
    };
    const sendNow = async (draft: DraftContent, again: boolean): Promise<void> => {
      const failure = await sendDraft(draft, again);
      if (failure) {
        toast.error(failure.title, { description: failure.why, duration: 20_000 });
        show(draft, failure.windowTitle, failure.again);
      }
      refresh(draft);
    };
    return {
      window,
      openNew: () => show(withSignature(emptyDraft(preferences.composeFormat), preferences.signature), 'New message'),
      answer: start,
      reopen: (ref) => start(ref, 'reopen'),
      close: () => {
        setWindow(null);
        void client.invalidateQueries({ queryKey: keys.folders });
        void client.invalidateQueries({ queryKey: ['messages'] });
      },
      send: (draft, again) => {
        setWindow(null);
        holdThenSend(
          preferences.undoSendSeconds,
          () => void sendNow(draft, again),
          () => show(draft, 'Not sent yet', again),
        );
      },
    };
  }, [client, account.address, preferences, window]);
}
