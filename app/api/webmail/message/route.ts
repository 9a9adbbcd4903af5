import { openMessage } from '#server/webmail/messages/open-message.ts';
import { readRoute } from '../routes.ts';
import { messageQuery } from '../schemas.ts';

export const GET = readRoute(messageQuery, ({ mail }, ref) => openMessage(mail, ref));
