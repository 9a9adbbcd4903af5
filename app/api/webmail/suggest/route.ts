import { z } from 'zod';
import { suggestAddresses } from '#server/webmail/compose/suggest-addresses.ts';
import { readRoute } from '../routes.ts';

export const GET = readRoute(z.object({ text: z.string().max(200) }), ({ mail, now }, { text }) =>
  suggestAddresses(mail, text, now()),
);
