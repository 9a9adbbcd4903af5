/** Webmail's folder for uploads, for a web that runs as another user: that one may make none in `var`, which is the supervisor's. */
import { lchown } from 'node:fs/promises';
import { makeUploadFolder, uploadFolder } from '#server/webmail/compose/upload-folder.ts';
import type { SystemUser } from './system-user.ts';

export async function giveUploadFolder(varDir: string, { uid, gid }: SystemUser): Promise<void> {
  const folder = uploadFolder(varDir);
  makeUploadFolder(folder);
  await lchown(folder, uid, gid);
}
