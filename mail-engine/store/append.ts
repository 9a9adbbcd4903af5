/** APPEND and drafts: bytes are kept as the client sent them, committed together with what is delivered at the same time. */
import type { Pool } from 'pg';
import type { Committer } from './batch/committer.ts';
import { RefusedError } from './batch/types.ts';
import type { BlobWriter } from './blob/blob-writer.ts';
import type { FolderKeywords } from './folders/folder-keywords.ts';
import { canonicalName } from './folders/folder-name.ts';
import { findFolder, readUsage } from './folders/read-folders.ts';
import { distinctKeywords } from './transaction/flag-change.ts';
import { type AccountId, type AppendOptions, type AppendWriter, type Folder, type Store, StoreError } from './types.ts';

const APPEND_BYTES = 256 * 1024 * 1024;
const NO_PREFIX = Buffer.alloc(0);

interface Collaborators {
  pool: Pool;
  committer: Committer;
  createBlobWriter: () => BlobWriter;
  keywords: FolderKeywords;
}

function toStoreError(error: unknown): unknown {
  if (!(error instanceof RefusedError)) return error;
  if (error.reason === 'over-quota') return new StoreError('over-quota', 'The message does not fit the quota.');
  if (error.reason === 'nonexistent') return new StoreError('nonexistent', 'There is no such folder.');
  return new StoreError('unavailable', 'The message could not be stored now.');
}

class FolderAppend implements AppendWriter {
  readonly #committer: Committer;
  readonly #blob: BlobWriter;
  readonly #accountId: AccountId;
  readonly #folderName: string;
  readonly #options: AppendOptions;

  constructor(
    { committer, createBlobWriter }: Collaborators,
    accountId: AccountId,
    folderName: string,
    options: AppendOptions,
  ) {
    this.#committer = committer;
    this.#blob = createBlobWriter();
    this.#accountId = accountId;
    this.#folderName = folderName;
    this.#options = options;
  }

  async write(chunk: Buffer): Promise<void> {
    if (this.#blob.size + chunk.length > APPEND_BYTES) throw new StoreError('too-big', 'The message is too big.');
    await this.#blob.write(chunk);
  }

  async commit(): Promise<{ uidValidity: number; uid: number }> {
    const { flags, keywords, internalDate } = this.#options;
    try {
      await this.#blob.finish();
      const receipt = await this.#committer.submit({
        blob: this.#blob.take(),
        placements: [
          {
            accountId: this.#accountId,
            folderName: this.#folderName,
            prefix: NO_PREFIX,
            flags,
            keywords,
            internalDate,
            delivery: null,
          },
        ],
        queue: null,
        trace: null,
      });
      const [copy] = receipt.stored;
      if (!copy) throw new StoreError('unavailable', 'The message could not be stored now.');
      return { uidValidity: copy.uidValidity, uid: copy.uid };
    } catch (error) {
      await this.#blob.abort();
      throw toStoreError(error);
    }
  }

  abort(): Promise<void> {
    return this.#blob.abort();
  }
}

/** In their order, each once, without those that would be too many different ones in the folder: the message is worth more than they. */
async function keywordsThatFit({ pool, keywords }: Collaborators, folder: Folder, wanted: readonly string[]) {
  const distinct = distinctKeywords(wanted);
  const query = async (statement: { name: string; text: string }, values: unknown[]) =>
    (await pool.query<{ keyword: string }>({ ...statement, values })).rows;
  const excess = await keywords.findExcess(query, folder.accountId, folder.id, distinct);
  return distinct.filter((keyword) => !excess.includes(keyword));
}

/** Refused early: a folder that is not there, and an announced size that the quota cannot take. */
export function createAppend(collaborators: Collaborators): Store['append'] {
  return async (accountId, folderName, options) => {
    const { pool } = collaborators;
    const folder = await findFolder(pool, accountId, folderName);
    if (!folder) throw new StoreError('nonexistent', 'There is no such folder.');
    if (options.sizeBytes > APPEND_BYTES) throw new StoreError('too-big', 'The message is too big.');
    const { quotaBytes, sizeBytes } = await readUsage(pool, accountId);
    if (quotaBytes > 0 && sizeBytes + options.sizeBytes > quotaBytes) {
      throw new StoreError('over-quota', 'The message does not fit the quota.');
    }
    const keywords = await keywordsThatFit(collaborators, folder, options.keywords);
    return new FolderAppend(collaborators, accountId, canonicalName(folderName), { ...options, keywords });
  };
}
