import type { Outcome } from '../outcome.ts';
import { ownOutcome, refusal, toOutcome } from './reply-outcome.ts';
import type { Session } from './session.ts';
import { SessionError } from './session-error.ts';

/** The reply to a message that is out: whatever happens now is an outcome, for the server may have taken it (RFC 1047). */
export async function readVerdict(session: Session): Promise<Outcome> {
  try {
    const reply = await session.channel.readReply(session.timeouts.dataEndMs);
    return reply.code === 250 ? toOutcome(session, reply, 'delivered') : refusal(session, reply);
  } catch (error) {
    if (!(error instanceof SessionError)) throw error;
    return ownOutcome(session, 'deferred', '4.4.2', `no reply to the end of the message: ${error.message}`);
  }
}
