import { Paperclip, SendHorizontal, Trash2 } from 'lucide-react';
import { type ChangeEvent, useRef } from 'react';
import { cn } from '@/components/class-names.ts';
import { Button } from '@/components/ui/button.tsx';
import { IconButton } from '../icon-button.tsx';
import type { Draft, SaveState } from './use-draft.ts';

const STATES: Readonly<Record<SaveState, string>> = {
  untouched: '',
  changed: 'Not saved yet',
  saving: 'Saving…',
  saved: 'Saved in Drafts',
  failed: 'Could not be saved; trying again',
};

interface ComposeFooterProps {
  draft: Draft;
  onSend: () => void;
  onDiscard: () => void;
  onFiles: (files: Iterable<File>) => void;
}

export function ComposeFooter({ draft, onSend, onDiscard, onFiles }: ComposeFooterProps) {
  const input = useRef<HTMLInputElement>(null);
  const choose = (event: ChangeEvent<HTMLInputElement>): void => {
    onFiles([...(event.target.files ?? [])]);
    event.target.value = '';
  };
  return (
    <footer className="flex shrink-0 items-center gap-1 border-t px-4 py-2.5">
      <Button onClick={onSend} title="Ctrl-Enter">
        <SendHorizontal aria-hidden /> Send
      </Button>
      <IconButton label="Attach files" icon={Paperclip} onClick={() => input.current?.click()} />
      <input ref={input} type="file" multiple hidden aria-label="Attach files" data-testid="attach" onChange={choose} />
      <span
        role="status"
        className={cn('ml-auto text-sm', draft.state === 'failed' ? 'text-destructive' : 'text-muted-foreground')}
      >
        {STATES[draft.state]}
      </span>
      <IconButton label="Discard the draft" icon={Trash2} onClick={onDiscard} />
    </footer>
  );
}
