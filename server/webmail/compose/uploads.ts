/**
 * Attachments on their way into a draft: streamed to private files, bounded per file, per session and in all, gone with the
 * session, when saved into a draft, or after a day. Another session's upload does not exist.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OperationError } from '../../actor/errors.ts';

const MAX_UPLOAD_BYTES = 25 * 1024 * 1024;
const MAX_SESSION_BYTES = 100 * 1024 * 1024;
const MAX_TOTAL_BYTES = 4 * 1024 * 1024 * 1024;
const MAX_AGE_MS = 24 * 3_600_000;

interface Upload {
  sessionId: string;
  file: string;
  sizeBytes: number;
  at: number;
}

export interface Uploads {
  /** Stores what `chunks` brings; refuses with `limit-reached` and keeps nothing when a bound is crossed. */
  add(sessionId: string, chunks: AsyncIterable<Uint8Array>): Promise<{ uploadId: string; sizeBytes: number }>;
  read(sessionId: string, uploadId: string): Promise<Buffer>;
  remove(sessionId: string, uploadId: string): Promise<void>;
  closeSession(sessionId: string): Promise<void>;
  close(): void;
}

function tooBig(): OperationError {
  return new OperationError('limit-reached', `An attachment can have at most ${MAX_UPLOAD_BYTES / 1024 / 1024} MB.`);
}

export function createUploads({ now, dir }: { now: () => Date; dir?: string }): Uploads {
  const folder = dir ?? mkdtempSync(join(tmpdir(), 'mailstead-uploads-'));
  const uploads = new Map<string, Upload>();
  /** Bytes of uploads under way count before they are whole. */
  const used = new Map<string, number>();
  let total = 0;

  function take(sessionId: string, bytes: number): void {
    const session = (used.get(sessionId) ?? 0) + bytes;
    if (bytes > 0 && session > MAX_SESSION_BYTES)
      throw new OperationError('limit-reached', 'Too many attachments are waiting. Send or discard a draft first.');
    if (bytes > 0 && total + bytes > MAX_TOTAL_BYTES)
      throw new OperationError('unavailable', 'There is no room for attachments just now.');
    if (session <= 0) used.delete(sessionId);
    else used.set(sessionId, session);
    total += bytes;
  }

  async function drop(uploadId: string, upload: Upload): Promise<void> {
    if (!uploads.delete(uploadId)) return;
    take(upload.sessionId, -upload.sizeBytes);
    await rm(upload.file, { force: true });
  }

  async function sweep(): Promise<void> {
    const oldest = now().getTime() - MAX_AGE_MS;
    for (const [uploadId, upload] of uploads) if (upload.at < oldest) await drop(uploadId, upload);
  }

  function find(sessionId: string, uploadId: string): Upload {
    const upload = uploads.get(uploadId);
    if (upload?.sessionId !== sessionId)
      throw new OperationError('not-found', 'This attachment is gone. Attach it again.');
    return upload;
  }

  async function add(sessionId: string, chunks: AsyncIterable<Uint8Array>) {
    await sweep();
    const uploadId = randomUUID();
    const file = join(folder, uploadId);
    const handle = await open(file, 'wx', 0o600);
    let sizeBytes = 0;
    try {
      for await (const chunk of chunks) {
        if (sizeBytes + chunk.length > MAX_UPLOAD_BYTES) throw tooBig();
        take(sessionId, chunk.length);
        sizeBytes += chunk.length;
        await handle.write(chunk);
      }
    } catch (error) {
      take(sessionId, -sizeBytes);
      await handle.close();
      await rm(file, { force: true });
      throw error;
    }
    await handle.close();
    uploads.set(uploadId, { sessionId, file, sizeBytes, at: now().getTime() });
    return { uploadId, sizeBytes };
  }

  return {
    add,
    read: async (sessionId, uploadId) => readFile(find(sessionId, uploadId).file),
    remove: async (sessionId, uploadId) => {
      const upload = uploads.get(uploadId);
      if (upload?.sessionId === sessionId) await drop(uploadId, upload);
    },
    closeSession: async (sessionId) => {
      for (const [uploadId, upload] of uploads) if (upload.sessionId === sessionId) await drop(uploadId, upload);
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
