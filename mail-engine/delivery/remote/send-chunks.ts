/**
 * The message by BDAT (RFC 3030 §2): no round trip for DATA, no doubled periods, and no end of data anywhere in it. Chunks go out one
 * behind another where the server pipelines (§4.2), else each waits for its reply. A chunk that is refused ends the session: there is
 * nothing to go on with.
 */
import type { Outcome } from '../outcome.ts';
import { type MessageContent, readContent } from './message-content.ts';
import { readVerdict } from './read-verdict.ts';
import { refusal, requireAlive } from './reply-outcome.ts';
import type { Session } from './session.ts';
import { SessionError } from './session-error.ts';

const CHUNK_BYTES = 64 * 1024;

class ChunkSender {
  readonly #session: Session;
  #pieces: Buffer[] = [];
  #bytes = 0;
  /** Chunks without a reply yet. */
  #owed = 0;

  constructor(session: Session) {
    this.#session = session;
  }

  /** What has gathered leaves once there is more; the outcome where the server has refused. */
  async add(piece: Buffer): Promise<Outcome | undefined> {
    const refused = this.#bytes < CHUNK_BYTES ? undefined : await this.#flush();
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    return refused;
  }

  async finish(): Promise<Outcome> {
    try {
      await this.#send(' LAST');
    } catch (error) {
      // It may be out: the verdict, read next from the failed channel, is an outcome and no longer a SessionError.
      if (!(error instanceof SessionError)) throw error;
    }
    for (; this.#owed > 0; this.#owed -= 1) {
      const verdict = await readVerdict(this.#session);
      if (verdict.kind !== 'delivered') return verdict;
    }
    return await readVerdict(this.#session);
  }

  async #flush(): Promise<Outcome | undefined> {
    const { channel, extensions, timeouts } = this.#session;
    await this.#send('');
    this.#owed += 1;
    while (this.#owed > 0 && (channel.hasReply || !extensions.pipelining)) {
      const reply = requireAlive(await channel.readReply(timeouts.dataEndMs));
      this.#owed -= 1;
      if (reply.code !== 250) return refusal(this.#session, reply);
    }
    return undefined;
  }

  async #send(last: '' | ' LAST'): Promise<void> {
    const { channel, timeouts } = this.#session;
    const command = Buffer.from(`BDAT ${this.#bytes}${last}\r\n`);
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#bytes = 0;
    channel.expectReply();
    if (last === '') await channel.writeData([command, ...pieces], timeouts.dataBlockMs);
    else await channel.writeEnd([command, ...pieces], timeouts.dataBlockMs);
  }
}

/** The verdict on everything the server accepted in RCPT, and whether the session is still in step. */
export async function sendByChunks(session: Session, content: MessageContent): Promise<[Outcome, boolean]> {
  const sender = new ChunkSender(session);
  for await (const piece of readContent(session, content)) {
    const refused = await sender.add(piece);
    if (refused) return [refused, false];
  }
  const verdict = await sender.finish();
  return [verdict, verdict.kind === 'delivered' && session.channel.failure === null];
}
