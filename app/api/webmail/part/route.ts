import { z } from 'zod';
import { downloadPart } from '#server/webmail/messages/download.ts';
import { downloadResponse } from '../download-response.ts';
import { readRoute } from '../routes.ts';
import { messageQuery } from '../schemas.ts';

const input = messageQuery.extend({
  part: z
    .string()
    .max(50)
    .regex(/^\d+(?:\.\d+)*$/),
  inline: z.enum(['0', '1']).default('0'),
});

export const GET = readRoute(input, async ({ mail }, { inline, ...ref }, { method, signal }) =>
  downloadResponse(await downloadPart(mail, ref, signal), method, inline === '1'),
);
