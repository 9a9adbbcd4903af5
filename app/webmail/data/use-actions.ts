/** Everything that is done to messages: shown at once, undone when it fails, and moves can be taken back. */
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef } from 'react';
import { toast } from 'sonner';
import type { FolderInfo, MessagePage, MessageRow, MoveOutcome, OpenedMessage, Undo } from '#server/webmail/types.ts';
import { plural } from '@/format.ts';
import { errorMessage, sendJson } from './api.ts';
import { changeRows, removeRows } from './pages.ts';
import { keys, PAGE_SIZE } from './queries.ts';

export type FileAction = 'archive' | 'delete' | 'junk' | 'not-junk';

export interface MailActions {
  mark: (folder: string, uids: readonly number[], mark: 'seen' | 'flagged', on: boolean) => void;
  file: (folder: string, uids: readonly number[], action: FileAction) => void;
  move: (folder: string, uids: readonly number[], target: string) => void;
  /** Takes the last move back; false where there is none. */
  undo: () => boolean;
}

const DONE: Readonly<Record<FileAction, string>> = {
  archive: 'archived',
  delete: 'moved to Trash',
  junk: 'moved to Junk',
  'not-junk': 'moved to Inbox',
};

function patchRows(client: QueryClient, folder: string, uids: readonly number[], change: Partial<MessageRow>): void {
  const set = new Set(uids);
  client.setQueriesData<MessagePage>(
    { queryKey: keys.messages(folder) },
    (page) => page && changeRows(page, set, change),
  );
  for (const uid of uids) {
    client.setQueryData<OpenedMessage>(keys.message(folder, uid), (message) => message && { ...message, ...change });
  }
}

/** How many of `uids` the remembered rows show as unread. */
function countUnseen(client: QueryClient, folder: string, uids: readonly number[]): number {
  const wanted = new Set(uids);
  const unseen = new Set<number>();
  for (const [, page] of client.getQueriesData<MessagePage>({ queryKey: keys.messages(folder) })) {
    for (const row of page?.rows ?? []) if (!row.seen && wanted.has(row.uid)) unseen.add(row.uid);
  }
  return unseen.size;
}

function shiftUnseen(client: QueryClient, folder: string, by: number): void {
  client.setQueryData<FolderInfo[]>(keys.folders, (folders) =>
    folders?.map((info) => (info.path === folder ? { ...info, unseen: Math.max(0, info.unseen + by) } : info)),
  );
}

function dropRows(client: QueryClient, folder: string, uids: readonly number[]): void {
  shiftUnseen(client, folder, -countUnseen(client, folder, uids));
  const entries = client.getQueriesData<MessagePage>({ queryKey: keys.messages(folder) });
  const lists = Map.groupBy(entries, ([key]) => String(key[2]));
  for (const list of lists.values()) {
    const pages = new Map(list.flatMap(([key, page]) => (page ? [[Number(key[3]), page] as const] : [])));
    const left = removeRows(pages, new Set(uids), PAGE_SIZE);
    for (const [key] of list) client.setQueryData<MessagePage>(key, left.get(Number(key[3])));
  }
}

async function refresh(client: QueryClient, folders: readonly string[]): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: keys.folders }),
    ...folders.map((folder) => client.invalidateQueries({ queryKey: keys.messages(folder) })),
  ]);
}

function createActions(client: QueryClient, lastUndo: { current: Undo | null }): MailActions {
  const takeBack = (undo: Undo): void => {
    lastUndo.current = null;
    sendJson<MoveOutcome>('POST', 'move', undo)
      .then(() => refresh(client, [undo.folder, undo.target]))
      .catch((error: unknown) => toast.error('It could not be taken back', { description: errorMessage(error) }));
  };

  const relocate = (folder: string, uids: readonly number[], said: string, call: () => Promise<MoveOutcome>): void => {
    dropRows(client, folder, uids);
    call()
      .then((outcome) => {
        const { undo, target } = outcome;
        lastUndo.current = undo;
        const text = target === '' ? 'deleted for good' : said;
        toast(
          `${plural(uids.length, 'message')} ${text}`,
          undo ? { action: { label: 'Undo', onClick: () => takeBack(undo) } } : {},
        );
        return refresh(client, [folder, target]);
      })
      .catch((error: unknown) => {
        toast.error('Nothing was moved', { description: errorMessage(error) });
        return refresh(client, [folder]);
      });
  };

  return {
    mark: (folder, uids, mark, on) => {
      if (mark === 'seen')
        shiftUnseen(
          client,
          folder,
          on ? -countUnseen(client, folder, uids) : uids.length - countUnseen(client, folder, uids),
        );
      patchRows(client, folder, uids, { [mark]: on });
      sendJson('POST', 'mark', { folder, uids, mark, on })
        .then(() => client.invalidateQueries({ queryKey: keys.folders }))
        .catch((error: unknown) => {
          toast.error('The mark was not kept', { description: errorMessage(error) });
          return refresh(client, [folder]);
        });
    },
    file: (folder, uids, action) =>
      relocate(folder, uids, DONE[action], () => sendJson('POST', 'file', { folder, uids, action })),
    move: (folder, uids, target) =>
      relocate(folder, uids, `moved to ${target}`, () => sendJson('POST', 'move', { folder, uids, target })),
    undo: () => {
      const undo = lastUndo.current;
      if (undo) takeBack(undo);
      return undo !== null;
    },
  };
}

export function useActions(): MailActions {
  const client = useQueryClient();
  const lastUndo = useRef<Undo | null>(null);
  return useMemo(() => createActions(client, lastUndo), [client]);
}
