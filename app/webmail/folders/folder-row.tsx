import { useQueryClient } from '@tanstack/react-query';
import { MoreHorizontal } from 'lucide-react';
import type { MouseEvent } from 'react';
import { toast } from 'sonner';
import type { FolderInfo } from '#server/webmail/types.ts';
import { cn } from '@/components/class-names.ts';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu.tsx';
import { formatCount } from '@/format.ts';
import { errorMessage, sendJson } from '../data/api.ts';
import { goTo, placeHref } from '../data/location.ts';
import { keys } from '../data/queries.ts';
import type { FolderTask } from './folder-dialog.tsx';
import { folderIcon, folderName } from './folder-icon.ts';

interface FolderRowProps {
  folder: FolderInfo;
  current: boolean;
  onTask: (task: FolderTask) => void;
  onChosen?: () => void;
}

/** Drafts are counted whole, everything else by what is unread. */
function countOf({ role, total, unseen }: FolderInfo): number {
  return role === 'drafts' ? total : role === 'sent' || role === 'trash' ? 0 : unseen;
}

export function FolderRow({ folder, current, onTask, onChosen }: FolderRowProps) {
  const Icon = folderIcon(folder.role);
  const count = countOf(folder);
  const place = { folder: folder.path, uid: null, query: '' };
  const open = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    goTo(place);
    onChosen?.();
  };
  return (
    <li className="group relative">
      <a
        href={placeHref(place)}
        onClick={open}
        aria-current={current ? 'page' : undefined}
        style={{ paddingLeft: `${0.625 + folder.depth * 0.875}rem` }}
        className={cn(
          'flex h-8 items-center gap-2.5 rounded-md pr-2 text-sm hover:bg-sidebar-accent/60 max-lg:h-10',
          current && 'bg-sidebar-accent font-medium text-foreground hover:bg-sidebar-accent',
          !folder.selectable && 'pointer-events-none opacity-60',
        )}
      >
        <Icon className="size-4 shrink-0" aria-hidden />
        <span className="truncate" dir="auto">
          {folderName(folder)}
        </span>
        {count > 0 && (
          <span
            className={cn(
              'ml-auto text-xs tabular-nums',
              folder.role !== 'drafts' && 'font-semibold text-foreground',
              'group-hover:opacity-0',
            )}
          >
            {formatCount(count)}
            <span className="sr-only">{folder.role === 'drafts' ? ' drafts' : ' unread'}</span>
          </span>
        )}
      </a>
      {folder.selectable && <FolderMenu folder={folder} onTask={onTask} />}
    </li>
  );
}

function FolderMenu({ folder, onTask }: Pick<FolderRowProps, 'folder' | 'onTask'>) {
  const client = useQueryClient();
  const markSeen = (): void => {
    sendJson('POST', 'folders/seen', { path: folder.path })
      .then(() => client.invalidateQueries({ queryKey: keys.folders }))
      .then(() => client.invalidateQueries({ queryKey: keys.messages(folder.path) }))
      .catch((error: unknown) => toast.error('The marks were not kept', { description: errorMessage(error) }));
  };
  const canEmpty = folder.role === 'trash' || folder.role === 'junk';
  return (
    <DropdownMenu>
      <DropdownMenuTrigger
        aria-label={`Actions for ${folderName(folder)}`}
        className="absolute top-1 right-1 grid size-6 place-items-center rounded-md opacity-0 hover:bg-sidebar-accent focus-visible:opacity-100 group-hover:opacity-100 data-[state=open]:opacity-100 max-lg:top-2"
      >
        <MoreHorizontal className="size-4" aria-hidden />
      </DropdownMenuTrigger>
      <DropdownMenuContent align="start">
        <DropdownMenuItem onSelect={markSeen}>Mark all as read</DropdownMenuItem>
        {canEmpty && (
          <DropdownMenuItem variant="destructive" onSelect={() => onTask({ kind: 'empty', folder })}>
            Empty {folder.name}…
          </DropdownMenuItem>
        )}
        {folder.role === null && <OwnFolderItems folder={folder} onTask={onTask} />}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

function OwnFolderItems({ folder, onTask }: Pick<FolderRowProps, 'folder' | 'onTask'>) {
  return (
    <>
      <DropdownMenuItem onSelect={() => onTask({ kind: 'create', parentPath: folder.path })}>
        New folder inside…
      </DropdownMenuItem>
      <DropdownMenuItem onSelect={() => onTask({ kind: 'rename', folder })}>Rename…</DropdownMenuItem>
      <DropdownMenuItem variant="destructive" onSelect={() => onTask({ kind: 'delete', folder })}>
        Delete…
      </DropdownMenuItem>
    </>
  );
}
