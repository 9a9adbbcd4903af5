/** The one message being written: opening it, keeping it, sending it with a moment to think again. */
import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { toast } from 'sonner';
import type { DraftContent } from '#server/webmail/compose/draft.ts';
import { useAccount } from '../data/account.tsx';
import { errorMessage, sendJson } from '../data/api.ts';
import { keys } from '../data/queries.ts';
import type { AnswerMode } from '../data/use-open-message.ts';

interface Ref {
  folder: string;
  uid: number;
}

export interface OpenCompose {
  /** Another key, another window. */
  key: number;
  draft: DraftContent;
  title: string;
}

export interface Compose {
  window: OpenCompose | null;
  openNew: () => void;
  answer: (ref: Ref, mode: AnswerMode) => void;
  reopen: (ref: Ref) => void;
  close: () => void;
  /** Closes the window and sends after the chosen delay, unless it is taken back. */
  send: (draft: DraftContent) => void;
}

const TITLES = { reply: 'Reply', 'reply-all': 'Reply to all', forward: 'Forward', reopen: 'Draft' } as const;

function emptyDraft(format: 'html' | 'plain'): DraftContent {
  return {
    from: null,
    to: [],
    cc: [],
    bcc: [],
    subject: '',
    format,
    body: '',
    quote: null,
    inReplyTo: null,
    references: [],
    attachments: [],
    answers: null,
    saved: null,
  };
}

/** The signature stands below the cursor and above the quotation. */
function withSignature(draft: DraftContent, signature: string): DraftContent {
  if (signature === '') return draft;
  if (draft.format === 'html') return { ...draft, body: `<p></p><p></p><p>-- </p>${signature}` };
  const text =
    new DOMParser().parseFromString(signature.replace(/<\/p>|<br>/g, '\n'), 'text/html').body.textContent ?? '';
  return { ...draft, body: `\n\n-- \n${text.trim()}` };
}

export function useCompose(): Compose {
  const client = useQueryClient();
  const { preferences } = useAccount();
  const [window, setWindow] = useState<OpenCompose | null>(null);
  const counter = useRef(0);

  return useMemo(() => {
    const show = (draft: DraftContent, title: string): void => {
      counter.current += 1;
      setWindow({ key: counter.current, draft, title });
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
    const sendNow = async (draft: DraftContent): Promise<void> => {
      try {
        const { refused, kept } = await sendJson<{ refused: string[]; kept: boolean }>('POST', 'send', draft);
        if (refused.length > 0)
          toast.warning('Sent, but not to everybody', { description: `Refused: ${refused.join(', ')}` });
        else if (kept) toast.success('Message sent');
        else toast.warning('Message sent, but no copy could be kept in Sent');
      } catch (error) {
        toast.error('The message was not sent', { description: errorMessage(error), duration: 20_000 });
        show(draft, 'Not sent');
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
      send: (draft) => {
        setWindow(null);
        holdThenSend(
          preferences.undoSendSeconds,
          () => void sendNow(draft),
          () => show(draft, 'Not sent yet'),
        );
      },
    };
  }, [client, preferences, window]);
}

/** While a message is held the browser asks before the page is left. */
function holdThenSend(seconds: number, send: () => void, takeBack: () => void): void {
  if (seconds === 0) {
    send();
    return;
  }
  const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
  addEventListener('beforeunload', warn);
  const finish = (then: () => void): void => {
    clearTimeout(timer);
    removeEventListener('beforeunload', warn);
    toast.dismiss(id);
    then();
  };
  const timer = setTimeout(() => finish(send), seconds * 1000);
  const id = toast('Sending…', {
    duration: seconds * 1000,
    action: { label: 'Undo', onClick: () => finish(takeBack) },
  });
}
