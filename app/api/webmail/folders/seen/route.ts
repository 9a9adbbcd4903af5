import { z } from 'zod';
import { markFolderSeen } from '#server/webmail/messages/change-messages.ts';
import { writeRoute } from '../../routes.ts';
import { folderPath } from '../../schemas.ts';

export const POST = writeRoute(z.object({ path: folderPath }), ({ mail }, { path }) => markFolderSeen(mail, path));
