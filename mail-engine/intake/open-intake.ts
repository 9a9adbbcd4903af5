/** One message on its way in. States: receiving → finished → committed, or aborted / failed from any of them; a failure stays. */
import type { Committer } from '#engine/store/batch/committer.ts';
import { type Member, type Receipt, RefusedError } from '#engine/store/batch/types.ts';
import type { BlobWriter } from '#engine/store/blob/blob-writer.ts';
import type { MessageFacts } from '#engine/wire/mime/types.ts';
import { requireNoLoop } from './loop.ts';
import { buildMember } from './member.ts';
import { type IntakeEnvelope, IntakeError, type IntakeResult, type IntakeTransaction } from './types.ts';

interface Collaborators {
  blob: BlobWriter;
  committer: Committer;
  now: () => Date;
  queueLifetimeMs: number;
  onQueued: (() => void) | undefined;
}

function toIntakeError(error: unknown): IntakeError {
  if (error instanceof IntakeError) return error;
  if (error instanceof RefusedError && error.reason === 'over-quota') {
    return new IntakeError('over-quota', 'Every recipient is over quota.');
  }
  const failure = new IntakeError('unavailable', 'The message could not be stored now.');
  failure.cause = error;
  return failure;
}

function toResult({ blobId, queued, stored, unplaced }: Receipt): IntakeResult {
  const refused = unplaced.map(({ accountId, refusal }) => {
    return { accountId, reason: refusal === 'over-quota' ? refusal : ('unavailable' as const) };
  });
  return { blobId, queued, stored: stored.length, refused };
}

export class OpenIntake implements IntakeTransaction {
  readonly #envelope: IntakeEnvelope;
  readonly #with: Collaborators;
  #failure: IntakeError | undefined;
  #facts: MessageFacts | undefined;
  #committed = false;

  constructor(envelope: IntakeEnvelope, collaborators: Collaborators) {
    this.#envelope = envelope;
    this.#with = collaborators;
  }

  write(chunk: Buffer): Promise<void> | undefined {
    const { blob } = this.#with;
    if (this.#failure) return Promise.reject(this.#failure);
    if (blob.size + chunk.length > this.#envelope.maxBytes) {
      return this.#reject(new IntakeError('too-big', 'The message is too big.'));
    }
    try {
      return blob.write(chunk)?.catch((error: unknown) => this.#reject(error));
    } catch (error) {
      return this.#reject(error);
    }
  }

  async finish(): Promise<MessageFacts> {
    if (this.#failure) throw this.#failure;
    try {
      const finishing = this.#with.blob.finish();
      const facts = finishing instanceof Promise ? await finishing : finishing;
      requireNoLoop(facts, this.#envelope.recipients);
      this.#facts = facts;
      return facts;
    } catch (error) {
      throw await this.#fail(error);
    }
  }

  async commit(extraHeader = '', hold = this.#envelope.hold): Promise<IntakeResult> {
    const facts = this.#facts ?? (await this.finish());
    if (this.#failure) throw this.#failure;
    try {
      const receipt = await this.#submit(facts, extraHeader, hold);
      if (receipt.queued > 0) this.#with.onQueued?.();
      return toResult(receipt);
    } catch (error) {
      throw await this.#fail(error);
    }
  }

  async abort(): Promise<void> {
    if (this.#committed) return;
    this.#failure ??= new IntakeError('aborted', 'The message was aborted.');
    await this.#with.blob.abort();
  }

  #submit(facts: MessageFacts, extraHeader: string, hold: IntakeEnvelope['hold']): Promise<Receipt> {
    const { blob, committer, now, queueLifetimeMs } = this.#with;
    if (this.#committed) throw new IntakeError('aborted', 'The message is committed already.');
    this.#committed = true;
    const member: Member = buildMember({
      envelope: hold ? { ...this.#envelope, hold } : this.#envelope,
      blob: blob.take(),
      facts,
      extraHeader,
      now: now(),
      queueLifetimeMs,
    });
    return committer.submit(member);
  }

  async #reject(error: unknown): Promise<never> {
    throw await this.#fail(error);
  }

  /** The first failure is kept, and frees what was stored. */
  async #fail(error: unknown): Promise<IntakeError> {
    this.#failure ??= toIntakeError(error);
    await this.#with.blob.abort().catch(() => undefined); // the sweeper finds it
    return this.#failure;
  }
}
