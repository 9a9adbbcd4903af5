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
  onQueued?: () => void;
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
    if (this.#failure || blob.size + chunk.length > this.#envelope.maxBytes) {
      return this.#guard(() => Promise.reject(new IntakeError('too-big', 'The message is too big.')));
    }
    try {
      const busy = blob.write(chunk);
      return busy && this.#guard(() => busy);
    } catch (error) {
      return this.#guard(() => Promise.reject(error));
    }
  }

  finish(): Promise<MessageFacts> {
    return this.#guard(async () => {
      const facts = await this.#with.blob.finish();
      requireNoLoop(facts, this.#envelope.recipients);
      this.#facts = facts;
      return facts;
    });
  }

  async commit(extraHeader = '', hold = this.#envelope.hold): Promise<IntakeResult> {
    const facts = this.#facts ?? (await this.finish());
    const receipt = await this.#guard(() => this.#submit(facts, extraHeader, hold));
    if (receipt.queued > 0) this.#with.onQueued?.();
    const refused = receipt.unplaced.map(({ accountId, refusal }) => {
      return { accountId, reason: refusal === 'over-quota' ? refusal : ('unavailable' as const) };
    });
    return { blobId: receipt.blobId, queued: receipt.queued, stored: receipt.stored.length, refused };
  }

  async abort(): Promise<void> {
    if (this.#committed) return;
    this.#failure ??= new IntakeError('aborted', 'The message was aborted.');
    await this.#with.blob.abort();
  }

  async #submit(facts: MessageFacts, extraHeader: string, hold: IntakeEnvelope['hold']): Promise<Receipt> {
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

  /** The first failure is kept, and frees what was stored. */
  async #guard<T>(act: () => Promise<T>): Promise<T> {
    if (this.#failure) throw this.#failure;
    try {
      return await act();
    } catch (error) {
      this.#failure ??= toIntakeError(error);
      await this.#with.blob.abort().catch(() => undefined); // the sweeper finds it
      throw this.#failure;
    }
  }
}
