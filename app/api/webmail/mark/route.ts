import { z } from 'zod';
import { markMessages } from '#server/webmail/messages/change-messages.ts';
import { writeRoute } from '../routes.ts';
import { messagesBody } from '../schemas.ts';

const input = messagesBody.extend({ mark: z.enum(['seen', 'flagged']), on: z.boolean() });

export const POST = writeRoute(input, ({ mail }, { mark, on, ...ref }) => markMessages(mail, ref, mark, on));
