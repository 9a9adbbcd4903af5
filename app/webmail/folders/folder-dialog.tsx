import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import type { FolderInfo } from '#server/webmail/types.ts';
import { Button } from '@/components/ui/button.tsx';
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Label } from '@/components/ui/label.tsx';
import { plural } from '@/format.ts';
import { errorMessage, sendJson } from '../data/api.ts';
import { goTo } from '../data/location.ts';
import { keys } from '../data/queries.ts';

export type FolderTask =
  | { kind: 'create'; parentPath: string }
  | { kind: 'rename' | 'delete' | 'empty'; folder: FolderInfo };

const WORDS = {
  create: { title: 'New folder', action: 'Create', done: 'Folder created' },
  rename: { title: 'Rename folder', action: 'Rename', done: 'Folder renamed' },
  delete: { title: 'Delete folder', action: 'Delete folder', done: 'Folder deleted' },
  empty: { title: 'Empty folder', action: 'Delete all for good', done: 'Folder emptied' },
} as const;

function perform(task: FolderTask, name: string): Promise<unknown> {
  if (task.kind === 'create') return sendJson('POST', 'folders', { name, parentPath: task.parentPath });
  const { path } = task.folder;
  if (task.kind === 'rename') return sendJson('PATCH', 'folders', { path, name });
  if (task.kind === 'delete') return sendJson('DELETE', 'folders', { path });
  return sendJson('POST', 'folders/empty', { path });
}

export function FolderDialog({ task, onClose }: { task: FolderTask | null; onClose: () => void }) {
  return (
    <Dialog open={task !== null} onOpenChange={(open) => !open && onClose()}>
      {task && <FolderForm task={task} onClose={onClose} />}
    </Dialog>
  );
}

function FolderForm({ task, onClose }: { task: FolderTask; onClose: () => void }) {
  const client = useQueryClient();
  const [name, setName] = useState(task.kind === 'rename' ? task.folder.name : '');
  const words = WORDS[task.kind];
  const named = task.kind === 'create' || task.kind === 'rename';
  const mutation = useMutation({
    mutationFn: () => perform(task, name),
    onSuccess: async () => {
      toast(words.done);
      if (task.kind === 'delete' || task.kind === 'rename') goTo({ folder: 'INBOX', uid: null, query: '' });
      onClose();
      await client.invalidateQueries({ queryKey: keys.folders });
      if (task.kind === 'empty') await client.invalidateQueries({ queryKey: keys.messages(task.folder.path) });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    mutation.mutate();
  };
  return (
    <DialogContent className="max-w-sm">
      <form method="post" onSubmit={submit}>
        <DialogHeader>
          <DialogTitle>{words.title}</DialogTitle>
          <DialogDescription>{explain(task)}</DialogDescription>
        </DialogHeader>
        {(named || mutation.isError) && (
          <DialogBody>
            {named && (
              <div className="space-y-1.5">
                <Label htmlFor="folder-name">Name</Label>
                <Input
                  id="folder-name"
                  value={name}
                  onChange={(event) => setName(event.target.value)}
                  maxLength={200}
                  required
                  autoComplete="off"
                />
              </div>
            )}
            {mutation.isError && (
              <p role="alert" className="text-destructive text-sm">
                {errorMessage(mutation.error)}
              </p>
            )}
          </DialogBody>
        )}
        <DialogFooter>
          <Button variant="secondary" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            variant={named ? 'primary' : 'destructive'}
            pending={mutation.isPending}
            disabled={named && name.trim() === ''}
          >
            {words.action}
          </Button>
        </DialogFooter>
      </form>
    </DialogContent>
  );
}

function explain(task: FolderTask): string {
  if (task.kind === 'create')
    return task.parentPath === '' ? 'It appears below your other folders.' : `It is put inside ${task.parentPath}.`;
  if (task.kind === 'rename') return 'The messages in it stay as they are.';
  const count = plural(task.folder.total, 'message');
  return task.kind === 'delete'
    ? `${task.folder.name} and the ${count} in it are deleted for good.`
    : `The ${count} in ${task.folder.name} are deleted for good.`;
}
