import { Archive, FolderInput, MailOpen, MailX, OctagonAlert, ShieldCheck, Star, Trash2, X } from 'lucide-react';
import type { FolderInfo } from '#server/webmail/types.ts';
import { Button } from '@/components/ui/button.tsx';
import { formatCount } from '@/format.ts';
import type { MessageList } from '../data/use-message-list.ts';
import type { Reader } from '../data/use-open-message.ts';
import type { Selection } from '../data/use-selection.ts';
import { IconButton } from '../icon-button.tsx';
import { MoveMenu } from '../reading/move-menu.tsx';

interface SelectionBarProps {
  list: MessageList;
  folder: FolderInfo | undefined;
  folders: readonly FolderInfo[];
  selection: Selection;
  reader: Reader;
}

/** What can be done with everything that is ticked. */
export function SelectionBar({ list, folder, folders, selection, reader }: SelectionBarProps) {
  const selectShown = (): void => {
    const uids = Array.from({ length: list.total }, (_item, index) => list.rowAt(index)?.uid).filter(
      (uid) => uid !== undefined,
    );
    selection.add(uids);
  };
  const marked = (run: () => void) => () => {
    run();
    selection.clear();
  };
  return (
    <div
      role="toolbar"
      aria-label="Selected messages"
      className="flex h-11 shrink-0 items-center gap-0.5 border-b bg-accent/60 px-2"
    >
      <IconButton label="Clear the selection" icon={X} onClick={selection.clear} />
      <span className="whitespace-nowrap px-1 font-medium text-sm tabular-nums" aria-live="polite">
        {formatCount(selection.uids.size)} selected
      </span>
      <Button variant="link" size="sm" className="px-1 max-xl:hidden" onClick={selectShown}>
        All
      </Button>
      <span className="ml-auto flex items-center gap-0.5">
        <IconButton label="Archive" icon={Archive} onClick={() => reader.file('archive')} />
        <IconButton
          label={folder?.role === 'trash' ? 'Delete for good' : 'Delete'}
          icon={Trash2}
          onClick={() => reader.file('delete')}
        />
        {folder?.role === 'junk' ? (
          <IconButton label="Not junk" icon={ShieldCheck} onClick={() => reader.file('not-junk')} />
        ) : (
          <IconButton
            label="Report as junk"
            icon={OctagonAlert}
            onClick={() => reader.file('junk')}
            className="max-sm:hidden"
          />
        )}
        <IconButton label="Mark as read" icon={MailOpen} onClick={marked(() => reader.mark('seen', true))} />
        <IconButton
          label="Mark as unread"
          icon={MailX}
          onClick={marked(() => reader.mark('seen', false))}
          className="max-xl:hidden"
        />
        <IconButton
          label="Star"
          icon={Star}
          onClick={marked(() => reader.mark('flagged', true))}
          className="max-xl:hidden"
        />
        <MoveMenu folders={folders} current={list.folder} onMove={reader.move}>
          <Button variant="ghost" size="icon" aria-label="Move to">
            <FolderInput aria-hidden />
          </Button>
        </MoveMenu>
      </span>
    </div>
  );
}
