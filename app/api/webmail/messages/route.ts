import { z } from 'zod';
import { listMessages } from '#server/webmail/messages/list-messages.ts';
import { readRoute } from '../routes.ts';
import { folderPath } from '../schemas.ts';

const input = z.object({
  folder: folderPath,
  offset: z.coerce.number().int().min(0).max(10_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  query: z.string().max(500).default(''),
});

export const GET = readRoute(input, ({ mail, now }, query) => listMessages(mail, query, now()));
