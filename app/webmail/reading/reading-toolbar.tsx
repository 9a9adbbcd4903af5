import {
  Archive,
  ArrowLeft,
  ChevronDown,
  ChevronUp,
  FolderInput,
  Forward,
  MailX,
  OctagonAlert,
  Reply,
  ReplyAll,
  ShieldCheck,
  Trash2,
} from 'lucide-react';
import type { FolderInfo, OpenedMessage } from '#server/webmail/types.ts';
import { Button } from '@/components/ui/button.tsx';
import { Separator } from '@/components/ui/separator.tsx';
import type { MailPlace } from '../data/location.ts';
import type { Reader } from '../data/use-open-message.ts';
import { IconButton } from '../icon-button.tsx';
import { MessageMenu } from './message-menu.tsx';
import { MoveMenu } from './move-menu.tsx';

interface ReadingToolbarProps {
  place: MailPlace;
  message: OpenedMessage | undefined;
  folder: FolderInfo | undefined;
  folders: readonly FolderInfo[];
  reader: Reader;
}

export function ReadingToolbar({ place, message, folder, folders, reader }: ReadingToolbarProps) {
  const junk = folder?.role === 'junk';
  return (
    <div
      role="toolbar"
      aria-label="Message actions"
      className="flex h-13 shrink-0 items-center gap-0.5 border-b px-2 lg:px-4"
    >
      <IconButton label="Back to the list" shortcut="u" icon={ArrowLeft} onClick={reader.close} className="md:hidden" />
      {folder?.role !== 'archive' && (
        <IconButton label="Archive" shortcut="e" icon={Archive} onClick={() => reader.file('archive')} />
      )}
      <IconButton
        label={folder?.role === 'trash' ? 'Delete for good' : 'Delete'}
        shortcut="#"
        icon={Trash2}
        onClick={() => reader.file('delete')}
      />
      <IconButton
        label={junk ? 'Not junk' : 'Report as junk'}
        {...(!junk && { shortcut: '!' })}
        icon={junk ? ShieldCheck : OctagonAlert}
        onClick={() => reader.file(junk ? 'not-junk' : 'junk')}
        className="max-sm:hidden"
      />
      <IconButton label="Mark as unread" shortcut="⇧U" icon={MailX} onClick={() => reader.mark('seen', false)} />
      <MoveMenu folders={folders} current={place.folder} onMove={reader.move}>
        <Button variant="ghost" size="icon" aria-label="Move to">
          <FolderInput aria-hidden />
        </Button>
      </MoveMenu>
      <Separator orientation="vertical" className="mx-1.5 h-5 max-sm:hidden" />
      <IconButton label="Reply" shortcut="r" icon={Reply} onClick={() => reader.answer('reply')} />
      <IconButton
        label="Reply to all"
        shortcut="a"
        icon={ReplyAll}
        onClick={() => reader.answer('reply-all')}
        className="max-sm:hidden"
      />
      <IconButton
        label="Forward"
        shortcut="f"
        icon={Forward}
        onClick={() => reader.answer('forward')}
        className="max-sm:hidden"
      />
      <span className="ml-auto flex items-center gap-0.5">
        <IconButton
          label="Previous message"
          shortcut="k"
          icon={ChevronUp}
          onClick={() => reader.step(-1)}
          className="max-sm:hidden"
        />
        <IconButton
          label="Next message"
          shortcut="j"
          icon={ChevronDown}
          onClick={() => reader.step(1)}
          className="max-sm:hidden"
        />
        {message && <MessageMenu message={message} reader={reader} />}
      </span>
    </div>
  );
}
