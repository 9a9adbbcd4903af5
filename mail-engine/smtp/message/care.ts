/**
 * What is done to a message beside taking it, decided once its recipients are known. What somebody sends by us is cared for, also
 * where it came by the port for everybody; what comes for our own people stays as it came.
 */
import type { MailTransaction, SmtpSession } from '../types.ts';

export type Care =
  | { kind: 'none' }
  /** Relayed for a machine that an access rule trusts: it gets a Date and a Message-ID if it has none, and is nobody's. */
  | { kind: 'completion' }
  /**
   * An account's own: held to RFC 6409 §6 and §8, and to the account's addresses and send limits. `address` stands for a sender that is
   * empty.
   */
  | { kind: 'submission'; accountId: number; address: string };

const NONE: Care = { kind: 'none' };
const COMPLETION: Care = { kind: 'completion' };

export function careFor({ role, account }: SmtpSession, { relaying, sender }: MailTransaction): Care {
  if (role === 'submission' && account !== null) {
    return { kind: 'submission', accountId: account.accountId, address: account.address };
  }
  if (relaying?.by === 'opening') return { kind: 'submission', accountId: relaying.accountId, address: sender };
  return relaying?.by === 'rule' ? COMPLETION : NONE;
}
