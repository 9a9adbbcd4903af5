import type { UseQueryResult } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { FolderInfo } from '#server/webmail/types.ts';
import { Button } from '@/components/ui/button.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { errorMessage } from '../data/api.ts';
import { FolderDialog, type FolderTask } from './folder-dialog.tsx';
import { FolderRow } from './folder-row.tsx';

interface FolderListProps {
  folders: UseQueryResult<FolderInfo[]>;
  current: string;
  onChosen?: () => void;
}

export function FolderList({ folders, current, onChosen }: FolderListProps) {
  const [task, setTask] = useState<FolderTask | null>(null);
  if (folders.isError && !folders.data) {
    return (
      <div role="alert" className="space-y-2 px-2 text-sm">
        <p>{errorMessage(folders.error)}</p>
        <Button variant="secondary" size="sm" onClick={() => void folders.refetch()}>
          Try again
        </Button>
      </div>
    );
  }
  if (!folders.data) {
    return (
      <div className="space-y-2 px-2">
        {['a', 'b', 'c', 'd', 'e'].map((key) => (
          <Skeleton key={key} className="h-7" />
        ))}
      </div>
    );
  }
  const own = folders.data.filter(({ role }) => role === null);
  const known = folders.data.filter(({ role }) => role !== null);
  const rows = (list: readonly FolderInfo[]) => (
    <ul>
      {list.map((folder) => (
        <FolderRow
          key={folder.path}
          folder={folder}
          current={folder.path === current}
          onTask={setTask}
          {...(onChosen && { onChosen })}
        />
      ))}
    </ul>
  );
  return (
    <>
      {rows(known)}
      <div className="mt-4 mb-1 flex items-center justify-between pr-1 pl-2.5">
        <h2 className="font-medium text-muted-foreground text-xs">Folders</h2>
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label="New folder"
          onClick={() => setTask({ kind: 'create', parentPath: '' })}
        >
          <Plus aria-hidden />
        </Button>
      </div>
      {rows(own)}
      <FolderDialog task={task} onClose={() => setTask(null)} />
    </>
  );
}
