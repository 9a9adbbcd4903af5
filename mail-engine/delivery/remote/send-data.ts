/** The message by DATA (RFC 5321 §4.1.1.4), periods doubled. */
import { DotStuffer } from '#engine/wire/smtp/dot-stuffing.ts';
import type { Outcome } from '../outcome.ts';
import { type MessageContent, readContent } from './message-content.ts';
import { readVerdict } from './read-verdict.ts';
import { refusal, requireAlive } from './reply-outcome.ts';
import type { Session } from './session.ts';
import { SessionError } from './session-error.ts';

/** False where the server answered before it had everything. */
async function streamBody(session: Session, content: MessageContent): Promise<boolean> {
  const { channel, timeouts } = session;
  const stuffer = new DotStuffer();
  for await (const chunk of readContent(session, content)) {
    if (channel.hasReply) return false;
    await channel.writeData(stuffer.stuff(chunk), timeouts.dataBlockMs);
  }
  if (channel.hasReply) return false;
  try {
    await channel.writeEnd([stuffer.end()], timeouts.dataBlockMs);
  } catch (error) {
    // The dot may be out: the verdict, read next from the failed channel, is an outcome and no longer a SessionError.
    if (!(error instanceof SessionError)) throw error;
  }
  return true;
}

/** The verdict on everything the server accepted in RCPT, and whether the session is still in step. */
export async function sendByData(session: Session, content: MessageContent): Promise<[Outcome, boolean]> {
  const { channel, timeouts } = session;
  const go = requireAlive(await channel.command('DATA', timeouts.dataMs));
  if (go.code !== 354) return [refusal(session, go), go.code >= 400];
  channel.expectReply();
  const complete = await streamBody(session, content);
  if (complete) return [await readVerdict(session), channel.failure === null];
  const early = await channel.readReply(timeouts.dataEndMs);
  return [refusal(session, early), false];
}
