/**
 * Attachments on their way into a draft: streamed to private files, bounded per file, per mailbox and in all, gone with the
 * session however it ends, when a request names the part they were saved as, after a day, and with the process. Another session's upload does not exist.
 */
import { randomUUID } from 'node:crypto';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationError } from '../../actor/errors.ts';
import type { Logger } from '../../logger.ts';
import { emptyUploadFolder } from './upload-folder.ts';
import { noRoom, UploadRoom } from './upload-room.ts';

const MAX_UPLOAD_BYTES = 25 * 1024 * 1024;
const MAX_AGE_MS = 24 * 3_600_000;
const SWEEP_MS = 10 * 60_000;

export interface UploadOwner {
  sessionId: string;
  accountId: bigint;
}

interface Upload extends UploadOwner {
  file: string;
  sizeBytes: number;
  at: number;
}

export interface Uploads {
  /** Stores what `chunks` brings; refuses with `limit-reached` and keeps nothing when a bound is crossed. */
  add(owner: UploadOwner, chunks: AsyncIterable<Uint8Array>): Promise<{ uploadId: string; sizeBytes: number }>;
  read(sessionId: string, uploadId: string): Promise<Buffer>;
  remove(sessionId: string, uploadId: string): Promise<void>;
  closeSession(sessionId: string): Promise<void>;
  /** Removes what is a day old and what belongs to sessions that have ended; done by itself every ten minutes. */
  sweep(): Promise<void>;
  /** Removes everything. */
  close(): void;
}

export interface UploadsOptions {
  /** Kept by this process alone: emptied at once. */
  folder: string;
  now: () => Date;
  /** Those of the sessions that have not ended. */
  findLiveSessions: (sessionIds: string[]) => Promise<ReadonlySet<string>>;
  log: Logger;
}

function tooBig(): OperationError {
  return new OperationError('limit-reached', `An attachment can have at most ${MAX_UPLOAD_BYTES / 1024 / 1024} MB.`);
}

function isCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && codes.includes(String((error as NodeJS.ErrnoException).code));
}

function gone(): OperationError {
  return new OperationError('not-found', 'This attachment is gone. Attach it again.');
}

/** Writes `file`, private; `onBytes` may refuse. */
async function writeChunks(
  file: string,
  chunks: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    for await (const chunk of chunks) {
      onBytes(chunk.length);
      await handle.writeFile(chunk);
    }
  } finally {
    await handle.close();
  }
}

export function createUploads({ folder, now, findLiveSessions, log }: UploadsOptions): Uploads {
  emptyUploadFolder(folder);
  const uploads = new Map<string, Upload>();
  const room = new UploadRoom();

  async function drop(uploadId: string, { accountId, sizeBytes, file }: Upload): Promise<void> {
    if (!uploads.delete(uploadId)) return;
    room.freeFile(accountId, sizeBytes);
    await rm(file, { force: true });
  }

  async function dropWhere(isOver: (upload: Upload) => boolean): Promise<void> {
    for (const [uploadId, upload] of uploads) if (isOver(upload)) await drop(uploadId, upload);
  }

  async function sweep(): Promise<void> {
    const oldest = now().getTime() - MAX_AGE_MS;
    await dropWhere(({ at }) => at < oldest);
    const sessionIds = new Set([...uploads.values()].map(({ sessionId }) => sessionId));
    if (sessionIds.size === 0) return;
    const live = await findLiveSessions([...sessionIds]);
    await dropWhere(({ sessionId }) => sessionIds.has(sessionId) && !live.has(sessionId));
  }

  async function add({ sessionId, accountId }: UploadOwner, chunks: AsyncIterable<Uint8Array>) {
    room.requireFile(accountId);
    const uploadId = randomUUID();
    const file = join(folder, uploadId);
    let sizeBytes = 0;
    try {
      await writeChunks(file, chunks, (bytes) => {
        if (sizeBytes + bytes > MAX_UPLOAD_BYTES) throw tooBig();
        room.requireBytes(accountId, bytes);
        sizeBytes += bytes;
      });
    } catch (error) {
      room.freeFile(accountId, sizeBytes);
      await rm(file, { force: true });
      throw isCode(error, 'ENOSPC', 'EDQUOT') ? noRoom() : error;
    }
    uploads.set(uploadId, { sessionId, accountId, file, sizeBytes, at: now().getTime() });
    return { uploadId, sizeBytes };
  }

  async function read(sessionId: string, uploadId: string): Promise<Buffer> {
    const upload = uploads.get(uploadId);
    if (upload?.sessionId !== sessionId) throw gone();
    return readFile(upload.file).catch((error: unknown) => {
      throw isCode(error, 'ENOENT') ? gone() : error;
    });
  }

  const timer = setInterval(() => {
    sweep().catch((error: Error) => log.error({ err: error.message }, 'uploads were not swept'));
  }, SWEEP_MS);
  timer.unref();

  return {
    add,
    read,
    remove: async (sessionId, uploadId) => {
      const upload = uploads.get(uploadId);
      if (upload?.sessionId === sessionId) await drop(uploadId, upload);
    },
    closeSession: (sessionId) => dropWhere((upload) => upload.sessionId === sessionId),
    sweep,
    close: () => {
      clearInterval(timer);
      emptyUploadFolder(folder);
    },
  };
}
