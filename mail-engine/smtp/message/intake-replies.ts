import type { IntakeErrorCode } from '#engine/intake/types.ts';
import { refusesFullForGood } from '../recipient-check/full-mailbox.ts';
import { type Reply, reply } from '../reply.ts';
import type { SmtpSession } from '../types.ts';

export const INTAKE_REPLIES: Readonly<Record<IntakeErrorCode, Reply>> = {
  'too-big': reply(552, '5.3.4', 'Message too big'),
  'over-quota': reply(452, '4.2.2', 'Mailbox full'),
  loop: reply(554, '5.4.6', 'Mail loop: too many hops'),
  unavailable: reply(451, '4.3.0', 'Cannot take the message now, try again later'),
  aborted: reply(451, '4.3.0', 'Cannot take the message now, try again later'),
};

const FULL_FOR_GOOD = reply(552, '5.2.2', 'Mailbox full');

/** What is told where intake fails. A mailbox that the message itself would fill is refused as one that was full at RCPT. */
export function intakeReply(session: SmtpSession, code: IntakeErrorCode): Reply {
  return code === 'over-quota' && refusesFullForGood(session) ? FULL_FOR_GOOD : INTAKE_REPLIES[code];
}
