import { Maximize2, Minimize2, X } from 'lucide-react';
import { type DragEvent, type KeyboardEvent, useCallback, useRef, useState } from 'react';
import { cn } from '@/components/class-names.ts';
import { IconButton } from '../icon-button.tsx';
import { AttachmentTray } from './attachment-tray.tsx';
import { ComposeFields } from './compose-fields.tsx';
import { ComposeFooter } from './compose-footer.tsx';
import { MessageEditor } from './message-editor.tsx';
import { QuotePreview } from './quote-preview.tsx';
import type { Compose } from './use-compose.ts';
import { type Draft, useDraft } from './use-draft.ts';
import { useEndings } from './use-endings.ts';
import { useUploads } from './use-uploads.ts';
import type { OpenCompose } from './use-window.ts';

/** The message being written: a window in the corner, the whole screen on a phone. */
export function ComposeWindow({ compose, open }: { compose: Compose; open: OpenCompose }) {
  const draft = useDraft(open.draft, open.unsaved);
  const [large, setLarge] = useState(false);
  const [dropping, setDropping] = useState(false);
  const window = useRef<HTMLElement>(null);
  const { change } = draft;
  const attach = useCallback(
    (attachment: Draft['content']['attachments'][number]) =>
      change((old) => ({ attachments: [...old.attachments, attachment] })),
    [change],
  );
  const uploads = useUploads(attach);
  const { send, close, discard } = useEndings({
    compose,
    open,
    draft,
    uploading: uploads.pending.length > 0,
    element: window,
  });

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void send();
    } else if (event.key === 'Escape' && !event.defaultPrevented) {
      event.preventDefault();
      void close();
    }
  };
  const onDrop = (event: DragEvent): void => {
    setDropping(false);
    if (event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    uploads.add(event.dataTransfer.files);
  };
  return (
    <section
      ref={window}
      role="dialog"
      aria-label={open.title}
      onKeyDown={onKeyDown}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setDropping(true);
      }}
      onDragLeave={(event) => {
        if (event.relatedTarget === null || !window.current?.contains(event.relatedTarget as Node)) setDropping(false);
      }}
      onDrop={onDrop}
      className={cn(
        'fixed z-40 flex flex-col bg-surface shadow-floating',
        'inset-0 md:inset-auto md:right-6 md:bottom-0 md:rounded-t-xl md:border md:border-b-0',
        large ? 'md:top-12 md:w-[min(60rem,calc(100vw-3rem))]' : 'md:h-[min(38rem,calc(100dvh-4rem))] md:w-[36rem]',
      )}
    >
      <header className="flex h-11 shrink-0 items-center gap-1 border-b bg-muted/60 pr-2 pl-4 md:rounded-t-xl">
        <h2 className="truncate font-semibold text-sm">{open.title}</h2>
        <span className="ml-auto flex">
          <IconButton
            label={large ? 'Smaller' : 'Larger'}
            icon={large ? Minimize2 : Maximize2}
            onClick={() => setLarge(!large)}
            className="max-md:hidden"
          />
          <IconButton label="Save and close" icon={X} onClick={() => void close()} />
        </span>
      </header>
      <ComposeFields draft={draft} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <MessageEditor draft={draft} autoFocus={open.draft.to.length > 0} />
        <QuotePreview draft={draft} />
      </div>
      <AttachmentTray draft={draft} pending={uploads.pending} />
      <ComposeFooter draft={draft} onSend={() => void send()} onDiscard={() => void discard()} onFiles={uploads.add} />
      {dropping && (
        <div className="pointer-events-none absolute inset-2 grid place-items-center rounded-lg border-2 border-primary border-dashed bg-surface/90 font-medium">
          Drop files to attach them
        </div>
      )}
    </section>
  );
}
