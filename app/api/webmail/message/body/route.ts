import { z } from 'zod';
import { bodyHeaders, renderBodyDocument } from '#server/webmail/html/document.ts';
import { readBody } from '#server/webmail/messages/read-body.ts';
import { readRoute } from '../../routes.ts';
import { messageQuery } from '../../schemas.ts';

const input = messageQuery.extend({
  images: z.enum(['0', '1']).default('0'),
  theme: z.enum(['light', 'dark']).default('light'),
});

/** `Host` as a CSP source; a name that is none yields a source that matches nothing. */
function partsUrl(request: Request): string {
  const host = request.headers.get('host') ?? '';
  return /^[a-z0-9.:[\]-]+$/i.test(host)
    ? `http://${host}/api/webmail/part https://${host}/api/webmail/part`
    : `'none'`;
}

export const GET = readRoute(input, async ({ mail }, { folder, uid, images, theme }, request) => {
  const remoteImages = images === '1';
  const partUrl = (part: string): string =>
    `/api/webmail/part?${new URLSearchParams({ folder, uid: String(uid), part, inline: '1' })}`;
  const body = await readBody(mail, { folder, uid }, { remoteImages, partUrl });
  const headers = bodyHeaders({ partsUrl: partsUrl(request), remoteImages });
  return new Response(renderBodyDocument({ ...body, theme }), { headers });
});
