/**
 * A message between 354 (or the first BDAT) and its reply. Bytes go to intake with back-pressure; the first failure is kept, the
 * rest of the bytes is dropped, and `accept` answers once: 250 only after intake's commit resolved.
 */
import { type IntakeEnvelope, IntakeError, type IntakeResult, type IntakeTransaction } from '#engine/intake/types.ts';
import { ConnectionError } from '#engine/net/types.ts';
import { BinaryConverter, type BinaryProblem } from '#engine/wire/mime/binary-converter.ts';
import type { MessageFacts } from '#engine/wire/mime/types.ts';
import { FieldRemover, fieldNames } from '#engine/wire/smtp/field-remover.ts';
import { LineCheck } from '#engine/wire/smtp/line-check.ts';
import { SubmittedHeader } from '#engine/wire/smtp/submitted-header.ts';
import { type Reply, reply, SmtpRefusal } from '../reply.ts';
import type { SmtpSession } from '../types.ts';
import { admitSending } from './admit-sending.ts';
import { type Care, careFor } from './care.ts';
import { createEnvelope } from './envelope.ts';
import { forgottenFields } from './forgotten-fields.ts';
import { INTAKE_REPLIES, intakeReply } from './intake-replies.ts';
import { needsSender, requireOwnFrom } from './own-from.ts';
import { PROBLEM_REPLIES } from './problem-replies.ts';
import { answerEach } from './recipient-replies.ts';

/** Ours alone to write, at final delivery (RFC 5321 §4.4). */
const TRACE = ['return-path'];
const TRACE_FIELDS = fieldNames(TRACE);
/** And what a submission must not carry on (RFC 5322 §3.6.3). */
const BLIND_FIELDS = fieldNames([...TRACE, 'bcc', 'resent-bcc']);

/** Base64 is a third longer than the octets it stands for, and its lines have ends. */
const BINARY_GROWTH = 1.4;
const BINARY_SLACK = 64 * 1024;

function withGrowth(envelope: IntakeEnvelope): IntakeEnvelope {
  return { ...envelope, maxBytes: Math.ceil(envelope.maxBytes * BINARY_GROWTH) + BINARY_SLACK };
}

export class IncomingMessage {
  readonly #session: SmtpSession;
  readonly #care: Care;
  readonly #envelope: IntakeEnvelope;
  readonly #intake: IntakeTransaction;
  readonly #remover: FieldRemover;
  readonly #lines: LineCheck;
  /** Of a submission. */
  readonly #header: SubmittedHeader | null;
  /** Of a message sent as BODY=BINARYMIME. */
  readonly #binary: BinaryConverter | null;
  readonly #deadline: number;
  #bytes = 0;
  #dropped = 0;
  #failure: Reply | null = null;
  /** What was taken is being given up. */
  #aborting: Promise<void> | undefined;
  #refused: IntakeResult['refused'] = [];

  constructor(session: SmtpSession) {
    const { transaction } = session;
    if (transaction === null) throw new Error('a message without a transaction');
    this.#session = session;
    this.#care = careFor(session, transaction);
    this.#envelope = createEnvelope(session, transaction, this.#care);
    const isBinary = transaction.parameters.body === 'BINARYMIME';
    this.#intake = session.deps.intake.begin(isBinary ? withGrowth(this.#envelope) : this.#envelope);
    this.#deadline = session.deps.now().getTime() + session.limits.messageTimeoutMs;
    this.#lines = new LineCheck(session.limits.dataLineBytes);
    this.#binary = isBinary ? new BinaryConverter(session.limits.dataLineBytes) : null;
    const submitted = this.#care.kind === 'submission';
    this.#header = submitted ? new SubmittedHeader() : null;
    this.#remover = new FieldRemover(submitted ? BLIND_FIELDS : TRACE_FIELDS);
  }

  /** The failure as the last that is said, where so much was dropped after it that the end of the message is not worth waiting for. */
  get farewell(): Reply | null {
    if (this.#failure === null || this.#dropped <= this.#session.limits.drainBytes) return null;
    return { ...this.#failure, closes: true };
  }

  /** All of a message has one deadline, in however many chunks it drips in. */
  requireInTime(): void {
    if (this.#session.deps.now().getTime() > this.#deadline) {
      throw new ConnectionError('timeout', 'the message took too long');
    }
  }

  /** Content whose lines are in order. Undefined where more may come at once, else a promise of when. */
  write(chunk: Buffer): Promise<void> | undefined {
    return this.#isWelcome(chunk.length) ? this.#take([chunk]) : undefined;
  }

  /** Notes what the line rule found; the message is refused when its end is reached. */
  spoil(problem: BinaryProblem): void {
    this.#fail(PROBLEM_REPLIES[problem]);
  }

  /** Content of BDAT, whose lines nobody has looked at yet. */
  writeChecked(bytes: Buffer): Promise<void> | undefined {
    if (!this.#isWelcome(bytes.length)) return undefined;
    if (this.#binary === null) {
      this.#lines.check(bytes);
      return this.#takeUnless(this.#lines.problem, [bytes]);
    }
    const pieces: Buffer[] = [];
    this.#binary.push(bytes, (piece) => pieces.push(piece));
    return this.#takeUnless(this.#binary.problem, pieces);
  }

  /** As `accept`, after the last BDAT: an open last line is closed. */
  async finishChunks(): Promise<Reply> {
    const pieces: Buffer[] = [];
    if (this.#binary === null) pieces.push(this.#lines.finish());
    else this.#binary.finish((piece) => pieces.push(piece));
    if (this.#failure === null) await this.#takeUnless(this.#binary?.problem ?? this.#lines.problem, pieces);
    return await this.accept();
  }

  /** Ends the message: its one reply. */
  async accept(): Promise<Reply> {
    const held: Buffer[] = [];
    this.#header?.finish();
    this.#judgeHeader();
    this.#remover.finish((piece) => held.push(piece));
    if (this.#failure === null && held.length > 0) await this.#forward(held);
    if (this.#failure === null) await this.#commit();
    if (this.#aborting !== undefined) await this.#aborting;
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

  /** Counts what comes; false where it is only dropped. */
  #isWelcome(bytes: number): boolean {
    this.#bytes += bytes;
    if (this.#failure === null && this.#bytes > this.#envelope.maxBytes) this.#fail(INTAKE_REPLIES['too-big']);
    if (this.#failure !== null) this.#dropped += bytes;
    return this.#failure === null;
  }

  #takeUnless(problem: BinaryProblem | null, pieces: readonly Buffer[]): Promise<void> | undefined {
    if (problem === null) return this.#take(pieces);
    this.spoil(problem);
    return undefined;
  }

  #take(pieces: readonly Buffer[]): Promise<void> | undefined {
    const kept: Buffer[] = [];
    for (const piece of pieces) {
      this.#header?.push(piece);
      this.#remover.push(piece, (content) => kept.push(content));
    }
    this.#judgeHeader();
    return this.#failure === null ? this.#forward(kept) : undefined;
  }

  #judgeHeader(): void {
    const problem = this.#header?.problem ?? null;
    if (problem !== null) this.#fail(reply(550, problem.enhanced, problem.text));
  }

  #forward(pieces: readonly Buffer[]): Promise<void> | undefined {
    for (let at = 0; at < pieces.length; at++) {
      const busy = this.#intake.write(pieces[at] as Buffer);
      if (busy !== undefined) return this.#forwardRest(busy, pieces.slice(at + 1));
    }
    return undefined;
  }

  async #forwardRest(busy: Promise<void>, pieces: readonly Buffer[]): Promise<void> {
    try {
      await busy;
      for (const piece of pieces) await this.#intake.write(piece);
    } catch (error) {
      this.#failBy(error);
    }
  }

  async #commit(): Promise<void> {
    const { connection, deps } = this.#session;
    try {
      const facts = await this.#intake.finish();
      const added = this.#care.kind === 'none' ? '' : await this.#complete(facts);
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
      this.#failBy(error);
    }
  }

  /** The fields it is to have and lacks; refuses a submission that may not go under its From. */
  async #complete(facts: MessageFacts): Promise<string> {
    const { deps } = this.#session;
    const care = this.#care;
    const given = { facts, hostname: deps.hostname, now: deps.now() };
    if (care.kind !== 'submission') {
      // Of a header longer than is looked at nobody knows what it lacks.
      return facts.truncated ? '' : forgottenFields({ ...given, sender: null });
    }
    await requireOwnFrom(deps, care.accountId, facts);
    const isAlone = this.#header?.has('sender') || !needsSender(facts);
    return forgottenFields({ ...given, sender: isAlone ? null : this.#envelope.sender || care.address });
  }

  #failBy(error: unknown): void {
    if (error instanceof SmtpRefusal) this.#fail(error.reply);
    else if (error instanceof IntakeError) this.#fail(intakeReply(this.#session, error.code));
    else {
      this.#session.connection.log.error({ err: error }, 'intake failed');
      this.#fail(INTAKE_REPLIES.unavailable);
    }
  }

  /** What was taken so far is given up at once: a refused message holds nothing while its rest is read. */
  #fail(answer: Reply): void {
    if (this.#failure !== null) return;
    this.#failure = answer;
    this.#aborting = this.abort();
  }
}
