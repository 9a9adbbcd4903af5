/**
 * Queue entries whose destination is hosted here: a mailbox that was full or busy when the message came, a DSN to one of our own.
 * Each goes through intake again under a ref of its own, so a crash after it was stored does not store it twice.
 */
import { type Intake, type IntakeEnvelope, IntakeError, type LocalRecipient } from '#engine/intake/types.ts';
import type { DeliveryTarget, Directory, RecipientResolution } from '#server/directory/types.ts';
import { deferred, delivered, failed, type Outcome } from '../outcome.ts';

export interface LocalMessage {
  /** Under which it was taken in. */
  ref: string;
  sender: string;
  sizeBytes: number;
  smtpUtf8: boolean;
  openBody: () => AsyncIterable<Buffer>;
}

export interface LocalDeliveryOptions {
  directory: Directory;
  intake: Intake;
  /** Runs the injection unless its ref was injected before. */
  injectOnce: (ref: string, inject: () => Promise<void>) => Promise<boolean>;
  /** True where the account got its copy of the message of this ref when it was taken in. */
  wasStored: (ref: string, accountId: number) => Promise<boolean>;
}

export function toLocalRecipients(address: string, targets: readonly DeliveryTarget[]): LocalRecipient[] {
  return targets.map(({ accountId, domainId }) => ({ kind: 'local', accountId, domainId, address }));
}

/** Feeds a whole message to intake; nothing is left of it where this rejects. */
export async function injectMessage(
  intake: Intake,
  envelope: IntakeEnvelope,
  body: AsyncIterable<Buffer> | Iterable<Buffer>,
): Promise<void> {
  const transaction = intake.begin(envelope);
  try {
    for await (const chunk of body) await transaction.write(chunk);
    await transaction.finish();
    await transaction.commit();
  } catch (error) {
    await transaction.abort();
    throw error;
  }
}

const REFUSALS: Readonly<Record<Exclude<RecipientResolution['kind'], 'deliverable'>, Outcome>> = {
  'not-hosted': deferred('4.3.5', 'the domain has just moved away from here'),
  unknown: failed('5.1.1', 'there is no such mailbox here'),
  suspended: failed('5.2.1', 'the mailbox is disabled'),
  circular: failed('5.4.6', 'the address leads to itself'),
  'over-quota': deferred('4.2.2', 'the mailbox is full'),
};

function judgeIntakeError(error: IntakeError): Outcome {
  switch (error.code) {
    case 'over-quota':
      return deferred('4.2.2', 'the mailbox is full');
    case 'loop':
      return failed('5.4.6', 'the message loops');
    case 'too-big':
      return failed('5.3.4', 'the message is too big');
    case 'unavailable':
    case 'aborted':
      return deferred('4.3.0', 'the message could not be stored now');
  }
}

async function deliverToAccount(
  options: LocalDeliveryOptions,
  message: LocalMessage,
  recipient: string,
  ref: string,
  target: DeliveryTarget,
): Promise<Outcome> {
  const envelope: IntakeEnvelope = {
    sender: message.sender,
    recipients: toLocalRecipients(recipient, [target]),
    ref,
    received: '',
    peer: 'queue',
    smtpUtf8: message.smtpUtf8,
    maxBytes: message.sizeBytes,
  };
  try {
    await options.injectOnce(ref, () => injectMessage(options.intake, envelope, message.openBody()));
    return delivered('2.1.5', 'stored in the mailbox');
  } catch (error) {
    if (error instanceof IntakeError) return judgeIntakeError(error);
    throw error;
  }
}

/**
 * An alias's mailboxes are served one by one, each under its own ref, and not those that had their copy at once: that one of
 * them is full brings the others no second copy. `messageRef` is the message's, the same for all entries that lead to a mailbox
 * (several aliases, a forward beside its kept copy) and at every attempt: whichever comes first delivers, and the others find it done.
 */
export async function deliverLocally(
  options: LocalDeliveryOptions,
  message: LocalMessage,
  recipient: string,
  messageRef: string,
): Promise<Outcome> {
  const resolution = await options.directory.resolveRecipient(recipient);
  if (resolution.kind !== 'deliverable') return REFUSALS[resolution.kind];
  let worst = delivered('2.1.5', resolution.targets.length > 0 ? 'stored in the mailbox' : 'taken in');
  for (const target of resolution.targets) {
    if (await options.wasStored(message.ref, target.accountId)) continue;
    const ref = `${messageRef}-${target.accountId}`;
    const outcome = await deliverToAccount(options, message, recipient, ref, target);
    if (worst.kind === 'delivered' || outcome.kind === 'deferred') worst = outcome;
  }
  return worst;
}
