/** What is read from the server, and under which keys it is remembered. */
import { queryOptions } from '@tanstack/react-query';
import type { FolderInfo, MessagePage, OpenedMessage } from '#server/webmail/types.ts';
import { getJson } from './api.ts';

export const PAGE_SIZE = 50;

export const keys = {
  folders: ['folders'] as const,
  messages: (folder: string) => ['messages', folder] as const,
  page: (folder: string, query: string, page: number) => ['messages', folder, query, page] as const,
  message: (folder: string, uid: number) => ['message', folder, uid] as const,
};

/** Counts of folders nobody idles on are asked for once a minute. */
const FOLDER_REFRESH_MS = 60_000;

export function foldersQuery() {
  return queryOptions({
    queryKey: keys.folders,
    queryFn: ({ signal }) => getJson<FolderInfo[]>('folders', {}, signal),
    refetchInterval: FOLDER_REFRESH_MS,
  });
}

export function pageQuery(folder: string, query: string, page: number) {
  return queryOptions({
    queryKey: keys.page(folder, query, page),
    queryFn: ({ signal }) =>
      getJson<MessagePage>('messages', { folder, query, offset: page * PAGE_SIZE, limit: PAGE_SIZE }, signal),
    staleTime: 30_000,
  });
}

export function messageQuery(folder: string, uid: number) {
  return queryOptions({
    queryKey: keys.message(folder, uid),
    queryFn: ({ signal }) => getJson<OpenedMessage>('message', { folder, uid }, signal),
    staleTime: 5 * 60_000,
  });
}
