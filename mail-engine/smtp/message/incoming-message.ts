/**
 * A message between 354 (or the first BDAT) and its reply. Bytes go to intake with back-pressure; the first failure is kept, the
 * rest of the bytes is dropped, and `accept` answers once: 250 only after intake's commit resolved.
 */
import { type IntakeEnvelope, IntakeError, type IntakeResult, type IntakeTransaction } from '#engine/intake/types.ts';
import { ConnectionError } from '#engine/net/types.ts';
import { FieldRemover } from '#engine/wire/smtp/field-remover.ts';
import { LineCheck } from '#engine/wire/smtp/line-check.ts';
import type { DataProblem } from '#engine/wire/smtp/line-ends.ts';
import { type Reply, reply, SmtpRefusal } from '../reply.ts';
import type { SmtpSession } from '../types.ts';
import { admitSending } from './admit-sending.ts';
import { createEnvelope } from './envelope.ts';
import { forgottenFields } from './forgotten-fields.ts';
import { INTAKE_REPLIES } from './intake-replies.ts';
import { answerEach } from './recipient-replies.ts';

const PROBLEM_REPLIES: Readonly<Record<DataProblem, Reply>> = {
  'bare-lf': reply(550, '5.6.0', 'Bare LF in message: lines must end with CRLF'),
  'bare-cr': reply(550, '5.6.0', 'Bare CR in message: lines must end with CRLF'),
  'line-too-long': reply(550, '5.6.0', 'Line too long'),
};

/** Fields a submission must not carry on (RFC 5322 §3.6.3). */
const BLIND_FIELDS = ['bcc', 'resent-bcc'];

export class IncomingMessage {
  readonly #session: SmtpSession;
  readonly #envelope: IntakeEnvelope;
  readonly #intake: IntakeTransaction;
  readonly #remover: FieldRemover | null;
  readonly #lines: LineCheck;
  readonly #deadline: number;
  #bytes = 0;
  #dropped = 0;
  #failure: Reply | null = null;
  #refused: IntakeResult['refused'] = [];

  constructor(session: SmtpSession) {
    this.#session = session;
    this.#envelope = createEnvelope(session);
    this.#intake = session.deps.intake.begin(this.#envelope);
    this.#deadline = session.deps.now().getTime() + session.limits.messageTimeoutMs;
    this.#lines = new LineCheck(session.limits.dataLineBytes);
    this.#remover = session.role === 'submission' ? new FieldRemover(BLIND_FIELDS) : null;
  }

  /** True where so much was dropped after a failure that the end of the message is not worth waiting for. */
  get isHopeless(): boolean {
    return this.#dropped > this.#session.limits.drainBytes;
  }

  /** All of a message has one deadline, in however many chunks it drips in. */
  requireInTime(): void {
    if (this.#session.deps.now().getTime() > this.#deadline) {
      throw new ConnectionError('timeout', 'the message took too long');
    }
  }

  async write(chunk: Buffer): Promise<void> {
    this.#bytes += chunk.length;
    if (this.#failure === null && this.#bytes > this.#envelope.maxBytes) await this.#fail(INTAKE_REPLIES['too-big']);
    if (this.#failure !== null) {
      this.#dropped += chunk.length;
      return;
    }
    await this.#forward(this.#remover === null ? [chunk] : this.#edit(chunk));
  }

  /** Notes what the line rule found; the message is refused when its end is reached. */
  async spoil(problem: DataProblem): Promise<void> {
    await this.#fail(PROBLEM_REPLIES[problem]);
  }

  /** Content of BDAT, whose lines nobody has looked at yet. */
  async writeChecked(bytes: Buffer): Promise<void> {
    this.#lines.check(bytes);
    if (this.#lines.problem !== null) await this.spoil(this.#lines.problem);
    await this.write(bytes);
  }

  /** As `accept`, after the last BDAT: an open last line is closed. */
  async finishChunks(): Promise<Reply> {
    const missing = this.#lines.finish();
    if (this.#lines.problem !== null) await this.spoil(this.#lines.problem);
    if (missing.length > 0) await this.write(missing);
    return await this.accept();
  }

  /** Ends the message: its one reply. */
  async accept(): Promise<Reply> {
    const held: Buffer[] = [];
    this.#remover?.finish((piece) => held.push(piece));
    if (this.#failure === null) await this.#forward(held);
    if (this.#failure === null) await this.#commit();
    const { ref } = this.#envelope;
    if (this.#failure !== null) this.#session.connection.log.info({ ref, code: this.#failure.code }, 'message refused');
    const verdict = this.#failure ?? reply(250, '2.0.0', `Ok: queued as ${ref}`);
    const { role, transaction } = this.#session;
    return role === 'lmtp' && transaction !== null ? answerEach(transaction, verdict, this.#refused) : verdict;
  }

  /** The reply that a chunk gets while more must come (RFC 3030 §2). */
  get failure(): Reply | null {
    return this.#failure;
  }

  /** Gives up what was taken. Never rejects: what cannot be freed now is swept later, and the peer's reply does not depend on it. */
  async abort(): Promise<void> {
    try {
      await this.#intake.abort();
    } catch (error) {
      this.#session.connection.log.warn({ err: error, ref: this.#envelope.ref }, 'aborted message left to the sweeper');
    }
  }

  #edit(chunk: Buffer): Buffer[] {
    const pieces: Buffer[] = [];
    this.#remover?.push(chunk, (piece) => pieces.push(piece));
    return pieces;
  }

  async #forward(pieces: readonly Buffer[]): Promise<void> {
    try {
      for (const piece of pieces) await this.#intake.write(piece);
    } catch (error) {
      await this.#failBy(error);
    }
  }

  async #commit(): Promise<void> {
    const { connection, role, deps } = this.#session;
    try {
      const facts = await this.#intake.finish();
      const added = role === 'submission' ? forgottenFields(facts, deps.hostname, deps.now()) : '';
      const isOurs = this.#envelope.accountId !== undefined;
      const hold = isOurs ? await admitSending(this.#session, this.#envelope, facts.size) : undefined;
      const { stored, queued, blobId, refused } = await this.#intake.commit(added, hold);
      this.#refused = refused;
      const { ref, sender, recipients } = this.#envelope;
      for (const recipient of recipients) {
        if (recipient.kind === 'local') deps.recipientCheck.received.add(recipient.accountId);
      }
      const counts = { recipients: recipients.length, size: facts.size, stored, queued, blobId };
      connection.log.info({ ref, sender, ...counts }, 'message accepted');
    } catch (error) {
      await this.#failBy(error);
    }
  }

  async #failBy(error: unknown): Promise<void> {
    if (error instanceof SmtpRefusal) return await this.#fail(error.reply);
    if (!(error instanceof IntakeError)) this.#session.connection.log.error({ err: error }, 'intake failed');
    await this.#fail(INTAKE_REPLIES[error instanceof IntakeError ? error.code : 'unavailable']);
  }

  /** What was taken so far is given up at once: a refused message holds nothing while its rest is read. */
  async #fail(answer: Reply): Promise<void> {
    if (this.#failure !== null) return;
    this.#failure = answer;
    await this.abort();
  }
}
