import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { giveUploadFolder } from './upload-folder.ts';

let varDir: string;
beforeEach(() => {
  varDir = mkdtempSync(join(tmpdir(), 'mailstead-var-'));
});
afterEach(() => rmSync(varDir, { recursive: true }));

/** Only root may give anything to somebody else. */
const isRoot = process.getuid?.() === 0;
const web = isRoot
  ? { name: 'web', uid: 4711, gid: 4712 }
  : { name: 'web', uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

test('the folder for uploads is the web’s, and open to nobody else', async () => {
  await giveUploadFolder(varDir, web);
  await giveUploadFolder(varDir, web);
  const { uid, gid, mode } = statSync(join(varDir, 'uploads'));
  expect({ uid, gid, mode: mode & 0o777 }).toEqual({ uid: web.uid, gid: web.gid, mode: 0o700 });
});

test('what a link in its place leads to is given to nobody', async () => {
  const elsewhere = join(varDir, 'elsewhere');
  mkdirSync(elsewhere);
  symlinkSync(elsewhere, join(varDir, 'uploads'));
  await expect(giveUploadFolder(varDir, web)).rejects.toThrow('remove it');
  expect(statSync(elsewhere).uid).toBe(process.getuid?.());
});
