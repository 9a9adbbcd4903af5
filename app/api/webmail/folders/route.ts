import { z } from 'zod';
import { createFolder, deleteFolder, renameFolder } from '#server/webmail/folders/change-folders.ts';
import { listFolders } from '#server/webmail/folders/list-folders.ts';
import { readRoute, writeRoute } from '../routes.ts';
import { folderPath } from '../schemas.ts';

const name = z.string().min(1, 'Give the folder a name.').max(200);

export const GET = readRoute(z.object({}), ({ mail }) => listFolders(mail));

export const POST = writeRoute(z.object({ name, parentPath: z.string().max(1_000) }), async ({ mail }, input) => ({
  path: await createFolder(mail, input),
}));

export const PATCH = writeRoute(z.object({ path: folderPath, name }), async ({ mail }, input) => ({
  path: await renameFolder(mail, input),
}));

export const DELETE = writeRoute(z.object({ path: folderPath }), ({ mail }, input) => deleteFolder(mail, input));
