import { z } from 'zod';
import { emptyFolder } from '#server/webmail/folders/change-folders.ts';
import { writeRoute } from '../../routes.ts';
import { folderPath } from '../../schemas.ts';

export const POST = writeRoute(z.object({ path: folderPath }), async ({ mail }, input) => ({
  removed: await emptyFolder(mail, input),
}));
