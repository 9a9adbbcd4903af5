import { downloadSource } from '#server/webmail/messages/download.ts';
import { downloadResponse } from '../download-response.ts';
import { readRoute } from '../routes.ts';
import { messageQuery } from '../schemas.ts';

export const GET = readRoute(messageQuery, async ({ mail }, ref, { method, signal }) =>
  downloadResponse(await downloadSource(mail, ref, signal), method, false),
);
