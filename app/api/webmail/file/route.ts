import { z } from 'zod';
import type { MailClient } from '#server/webmail/connection/mail-client.ts';
import {
  archiveMessages,
  deleteMessages,
  type MessagesRef,
  reportJunk,
} from '#server/webmail/messages/change-messages.ts';
import type { MoveOutcome } from '#server/webmail/types.ts';
import { writeRoute } from '../routes.ts';
import { messagesBody } from '../schemas.ts';

type File = (mail: MailClient, ref: MessagesRef) => Promise<MoveOutcome>;

const ACTIONS = {
  archive: archiveMessages,
  delete: deleteMessages,
  junk: (mail, ref) => reportJunk(mail, ref, true),
  'not-junk': (mail, ref) => reportJunk(mail, ref, false),
} satisfies Record<string, File>;

const input = messagesBody.extend({ action: z.enum(['archive', 'delete', 'junk', 'not-junk']) });

export const POST = writeRoute(input, ({ mail }, { action, ...ref }) => ACTIONS[action](mail, ref));
