/**
 * How many different keywords a folder's messages may have (RFC 5530 LIMIT): every session that selects the folder is told them all,
 * and keeps them. What a folder has is read once and counted on from there: it counts too much where a change was rolled back or a
 * keyword is no longer used, so it is read anew before anything is refused; another node's keywords may exceed the limit for a while.
 */
import type { AccountId, FolderId } from '../types.ts';

export const KEYWORDS_PER_FOLDER = 500;
const KNOWN_FOLDERS = 256;

/** A range of the primary key. A folder from before there was a limit is not read beyond twice as many. */
const READ = {
  name: 'folder-keywords',
  text: `SELECT DISTINCT lower(k) AS keyword FROM message m CROSS JOIN unnest(m.keywords) AS k
    WHERE m.account_id = $1 AND m.folder_id = $2 LIMIT ${2 * KEYWORDS_PER_FOLDER}`,
};

type Query = (statement: typeof READ, values: [AccountId, FolderId]) => Promise<{ keyword: string }[]>;

export class FolderKeywords {
  /** In lower case; the folder asked for longest ago is forgotten first. */
  readonly #known = new Map<FolderId, Set<string>>();

  /** Those of `keywords`, as they are spelt, that the folder has no room for; the others count from now on. */
  async findExcess(
    query: Query,
    accountId: AccountId,
    folderId: FolderId,
    keywords: Iterable<string>,
  ): Promise<readonly string[]> {
    const folded = new Map([...keywords].map((keyword) => [keyword, keyword.toLowerCase()]));
    if (folded.size === 0) return [];
    let known = this.#known.get(folderId);
    if (!known || new Set([...known, ...folded.values()]).size > KEYWORDS_PER_FOLDER) {
      known = new Set((await query(READ, [accountId, folderId])).map(({ keyword }) => keyword));
    }
    this.#remember(folderId, known);
    const excess: string[] = [];
    for (const [keyword, lower] of folded) {
      if (known.has(lower) || known.size < KEYWORDS_PER_FOLDER) known.add(lower);
      else excess.push(keyword);
    }
    return excess;
  }

  #remember(folderId: FolderId, known: Set<string>): void {
    this.#known.delete(folderId);
    this.#known.set(folderId, known);
    const [oldest] = this.#known.keys();
    if (this.#known.size > KNOWN_FOLDERS && oldest !== undefined) this.#known.delete(oldest);
  }
}
