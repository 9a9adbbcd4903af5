import { z } from 'zod';

export const folderPath = z.string().min(1).max(1_000);
const uid = z.number().int().positive().max(4_294_967_295);
export const messageQuery = z.object({ folder: folderPath, uid: z.coerce.number().pipe(uid) });
export const messagesBody = z.object({ folder: folderPath, uids: z.array(uid).min(1).max(5_000) });
