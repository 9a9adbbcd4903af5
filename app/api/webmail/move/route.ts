import { moveMessages } from '#server/webmail/messages/change-messages.ts';
import { writeRoute } from '../routes.ts';
import { folderPath, messagesBody } from '../schemas.ts';

export const POST = writeRoute(messagesBody.extend({ target: folderPath }), ({ mail }, { target, ...ref }) =>
  moveMessages(mail, ref, target),
);
