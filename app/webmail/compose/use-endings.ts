/** The ways a window ends: sent, closed, discarded, or giving way to another message. Only discarding throws anything away. */
import { type RefObject, useEffect, useRef } from 'react';
import { toast } from 'sonner';
import { sendJson } from '../data/api.ts';
import { releaseUploads } from './release-uploads.ts';
import type { Compose } from './use-compose.ts';
import type { Draft } from './use-draft.ts';
import { type OpenCompose, STAYS_OPEN } from './use-window.ts';

const UPLOADING = 'Wait until the attachments are there.';

interface EndingsOptions {
  compose: Compose;
  open: OpenCompose;
  draft: Draft;
  uploading: boolean;
  element: RefObject<HTMLElement | null>;
}

export function useEndings({ compose, open, draft, uploading, element }: EndingsOptions) {
  const ending = useRef(false);
  const busy = useRef(uploading);
  useEffect(() => {
    busy.current = uploading;
  });

  const leave = async (): Promise<string | undefined> => {
    if (busy.current) return UPLOADING;
    const { content, failure } = await draft.settle();
    if (failure !== undefined) return `It could not be saved: ${failure}`;
    if (busy.current) return UPLOADING;
    releaseUploads(content.attachments);
    return undefined;
  };
  useEffect(() =>
    compose.attach({
      leave,
      holds: ({ folder, uid }) => draft.content.saved?.folder === folder && draft.content.saved.uid === uid,
      focus: () => element.current?.querySelector<HTMLElement>('[aria-label="Message text"]')?.focus(),
    }),
  );

  const send = async (): Promise<void> => {
    const { to, cc, bcc } = draft.content;
    if (to.length + cc.length + bcc.length === 0) {
      toast.error('Say who it is for');
      return;
    }
    if (uploading) {
      toast('Wait until the attachments are there');
      return;
    }
    if (ending.current) return;
    ending.current = true;
    const { failure } = await draft.settle();
    const content = await draft.stop();
    const unsaved = failure !== undefined || content.saved === null;
    compose.send(open.key, { draft: content, title: open.title, again: open.again, unsaved });
  };
  const close = async (): Promise<void> => {
    if (ending.current) return;
    ending.current = true;
    const stays = await leave();
    if (stays === undefined) {
      await draft.stop();
      compose.close(open.key);
      return;
    }
    ending.current = false;
    toast.error(STAYS_OPEN, { description: stays });
  };
  const discard = async (): Promise<void> => {
    if (ending.current) return;
    ending.current = true;
    const { saved, attachments } = await draft.stop();
    releaseUploads(attachments);
    if (saved) await sendJson('DELETE', 'drafts', saved).catch(() => toast.error('The draft is still in Drafts'));
    toast('Draft discarded');
    compose.close(open.key);
  };
  return { send, close, discard };
}
