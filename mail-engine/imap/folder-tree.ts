/** The account's folders as the hierarchy LIST shows: with the levels that exist only because something is below them. */
import type { Folder } from '#engine/store/types.ts';

export const SEPARATOR = '/';

export interface FolderNode {
  name: string;
  /** null: no such folder, only inferiors of it. */
  folder: Folder | null;
  hasChildren: boolean;
}

/** `a`, `a/b` of `a/b/c`. */
export function superiorsOf(name: string): string[] {
  const levels = name.split(SEPARATOR);
  return levels.slice(1).map((_, index) => levels.slice(0, index + 1).join(SEPARATOR));
}

function compareNames(left: FolderNode, right: FolderNode): number {
  if (left.name === 'INBOX' || right.name === 'INBOX') return left.name === 'INBOX' ? -1 : 1;
  return left.name < right.name ? -1 : 1;
}

/** INBOX first, the others by name. */
export function buildFolderTree(folders: readonly Folder[]): FolderNode[] {
  const nodes = new Map<string, FolderNode>();
  for (const folder of folders) nodes.set(folder.name, { name: folder.name, folder, hasChildren: false });
  for (const { name } of folders) {
    for (const superior of superiorsOf(name)) {
      const node = nodes.get(superior);
      if (node) node.hasChildren = true;
      else nodes.set(superior, { name: superior, folder: null, hasChildren: true });
    }
  }
  return [...nodes.values()].sort(compareNames);
}
