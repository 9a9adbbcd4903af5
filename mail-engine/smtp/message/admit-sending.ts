/**
 * What one of our accounts sends is held against its send limits, when all of it is here and before it is kept. Mail from strangers,
 * and from clients that relay by an access rule alone, is nobody's and passes.
 */
import type { IntakeEnvelope } from '#engine/intake/types.ts';
import { refuse } from '../reply.ts';
import type { SmtpSession } from '../types.ts';

/** The hold to commit it with, if any; throws the refusal where so much is held already that nothing more is taken. */
export async function admitSending(
  { deps, connection }: SmtpSession,
  { accountId, recipients, ref }: IntakeEnvelope,
  sizeBytes: number,
): Promise<IntakeEnvelope['hold']> {
  if (accountId === undefined) return undefined;
  const addresses = recipients.map(({ address }) => address);
  const admission = await deps.sendGate.admit({ accountId, recipients: addresses, sizeBytes });
  if (admission.kind === 'send') return undefined;
  connection.log.warn({ ref, accountId, admission: admission.kind }, 'over a send limit');
  if (admission.kind === 'hold') return { reason: admission.reason };
  throw refuse(452, '4.7.1', 'Your outgoing mail is held, and no more of it is taken: ask your postmaster');
}
