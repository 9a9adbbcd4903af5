import type { IntakeErrorCode } from '#engine/intake/types.ts';
import { type Reply, reply } from '../reply.ts';

export const INTAKE_REPLIES: Readonly<Record<IntakeErrorCode, Reply>> = {
  'too-big': reply(552, '5.3.4', 'Message too big'),
  'over-quota': reply(552, '5.2.2', 'Mailbox full'),
  loop: reply(554, '5.4.6', 'Mail loop: too many hops'),
  unavailable: reply(451, '4.3.0', 'Cannot take the message now, try again later'),
  aborted: reply(451, '4.3.0', 'Cannot take the message now, try again later'),
};
