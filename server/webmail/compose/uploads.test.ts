import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { logger } from '../../logger.ts';
import { emptyUploadFolder, uploadFolder } from './upload-folder.ts';
import { createUploads, type UploadOwner, type Uploads } from './uploads.ts';

const MEGABYTE = 1024 * 1024;
const DAY_MS = 24 * 3_600_000;

let varDir: string;
let folder: string;
let at: number;
let live: Set<string>;
const open: Uploads[] = [];

beforeEach(() => {
  varDir = mkdtempSync(join(tmpdir(), 'mailstead-uploads-test-'));
  folder = uploadFolder(varDir);
  at = Date.parse('2030-01-01');
  live = new Set(['s1', 's2', 's3']);
});
afterEach(() => {
  for (const uploads of open.splice(0)) uploads.close();
  rmSync(varDir, { recursive: true });
  vi.useRealTimers();
});

function openUploads(): Uploads {
  const uploads = createUploads({
    folder,
    now: () => new Date(at),
    findLiveSessions: async (ids) => new Set(ids.filter((id) => live.has(id))),
    log: logger('uploads-test'),
  });
  open.push(uploads);
  return uploads;
}

const anna: UploadOwner = { sessionId: 's1', accountId: 1n };
const annasPhone: UploadOwner = { sessionId: 's2', accountId: 1n };
const bert: UploadOwner = { sessionId: 's3', accountId: 2n };

async function* bytes(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text);
}

async function* megabytes(count: number): AsyncIterable<Uint8Array> {
  const megabyte = Buffer.alloc(MEGABYTE);
  for (let number = 0; number < count; number += 1) yield megabyte;
}

test('what another process left is gone at the start, and the folder is open to nobody else', () => {
  mkdirSync(join(folder, 'deep'), { recursive: true, mode: 0o755 });
  writeFileSync(join(folder, 'left'), 'private');
  openUploads();
  expect(readdirSync(folder)).toEqual([]);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test('nothing is left when it is closed', async () => {
  const uploads = openUploads();
  await uploads.add(anna, bytes('private'));
  expect(readdirSync(folder)).toHaveLength(1);
  uploads.close();
  expect(readdirSync(folder)).toEqual([]);
});

test('a link in the folder’s place is not followed', () => {
  const elsewhere = join(varDir, 'elsewhere');
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, 'mail'), 'mine');
  symlinkSync(elsewhere, folder);
  expect(() => emptyUploadFolder(folder)).toThrow(/remove it/);
  expect(existsSync(join(elsewhere, 'mail'))).toBe(true);
});

test('where the folder cannot be made it is said which, and what to do', () => {
  writeFileSync(join(varDir, 'file'), '');
  expect(() => emptyUploadFolder(join(varDir, 'file', 'uploads'))).toThrow(
    /cannot be kept in .*uploads \(E(?:EXIST|NOTDIR).*Make this folder, owned by the user the web runs as/,
  );
});

test('after a day it goes by itself, whether or not anybody uploads again', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const uploads = openUploads();
  const { uploadId } = await uploads.add(anna, bytes('private'));
  at += DAY_MS;
  await vi.advanceTimersByTimeAsync(600_000);
  expect((await uploads.read(anna.sessionId, uploadId)).toString()).toBe('private');
  at += 1;
  await vi.advanceTimersByTimeAsync(600_000);
  await expect.poll(() => readdirSync(folder)).toEqual([]);
  await expect(uploads.read(anna.sessionId, uploadId)).rejects.toThrow('This attachment is gone. Attach it again.');
});

test('it goes with a session that ended elsewhere, and no other’s does', async () => {
  const uploads = openUploads();
  await uploads.add(anna, bytes('private'));
  const kept = await uploads.add(annasPhone, bytes('kept'));
  live.delete(anna.sessionId);
  await uploads.sweep();
  expect(readdirSync(folder)).toEqual([kept.uploadId]);
});

test('a mailbox has room for so many bytes, however many sessions it has', async () => {
  const uploads = openUploads();
  for (const owner of [anna, annasPhone, anna, annasPhone, anna, annasPhone, anna, annasPhone])
    await uploads.add(owner, megabytes(25));
  await expect(uploads.add(annasPhone, megabytes(1))).rejects.toThrow(/Send or discard a draft/);
  await uploads.add(bert, megabytes(1));
  expect(readdirSync(folder)).toHaveLength(9);
  await uploads.closeSession(anna.sessionId);
  await uploads.add(annasPhone, megabytes(1));
});

test('a mailbox has room for so many files, empty ones too', async () => {
  const uploads = openUploads();
  let last = '';
  for (let number = 0; number < 500; number += 1) last = (await uploads.add(anna, bytes(''))).uploadId;
  await expect(uploads.add(annasPhone, bytes(''))).rejects.toMatchObject({ code: 'limit-reached' });
  await uploads.add(bert, bytes(''));
  expect(readdirSync(folder)).toHaveLength(501);
  await uploads.remove(anna.sessionId, last);
  await uploads.add(annasPhone, bytes(''));
});

test('a file that is too big, or breaks off, leaves nothing, neither bytes nor a count', async () => {
  const uploads = openUploads();
  async function* broken(): AsyncIterable<Uint8Array> {
    yield Buffer.alloc(MEGABYTE);
    throw new Error('The connection was lost.');
  }
  for (let number = 0; number < 9; number += 1) {
    await expect(uploads.add(anna, megabytes(26))).rejects.toThrow('at most 25 MB');
    await expect(uploads.add(anna, broken())).rejects.toThrow('lost');
  }
  expect(readdirSync(folder)).toEqual([]);
  await uploads.add(anna, megabytes(25));
});

test('a file that somebody removed is said to be gone', async () => {
  const uploads = openUploads();
  const { uploadId } = await uploads.add(anna, bytes('x'));
  rmSync(join(folder, uploadId));
  await expect(uploads.read(anna.sessionId, uploadId)).rejects.toThrow('This attachment is gone. Attach it again.');
});
