import type { ReactNode } from 'react';
import type { FolderInfo } from '#server/webmail/types.ts';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu.tsx';
import { folderIcon, folderName } from '../folders/folder-icon.ts';

interface MoveMenuProps {
  folders: readonly FolderInfo[];
  current: string;
  onMove: (target: string) => void;
  children: ReactNode;
}

export function MoveMenu({ folders, current, onMove, children }: MoveMenuProps) {
  const targets = folders.filter(({ path, selectable, role }) => selectable && path !== current && role !== 'drafts');
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>{children}</DropdownMenuTrigger>
      <DropdownMenuContent align="end" className="max-h-80 w-52">
        <DropdownMenuLabel>Move to</DropdownMenuLabel>
        {targets.map((folder) => {
          const Icon = folderIcon(folder.role);
          return (
            <DropdownMenuItem
              key={folder.path}
              onSelect={() => onMove(folder.path)}
              style={{ paddingLeft: `${0.5 + folder.depth * 0.75}rem` }}
            >
              <Icon aria-hidden />
              <span className="truncate" dir="auto">
                {folderName(folder)}
              </span>
            </DropdownMenuItem>
          );
        })}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
