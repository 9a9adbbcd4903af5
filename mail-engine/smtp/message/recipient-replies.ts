/**
 * LMTP's answers to a message (RFC 2033 §4.2): one for each accepted RCPT, in order, and true for each. A recipient that is one
 * account is stored or told why not; one that stands for several is taken as a whole, and the queue serves those that cannot be
 * served now.
 */
import type { IntakeRecipient, IntakeResult } from '#engine/intake/types.ts';
import type { Reply } from '../reply.ts';
import type { MailTransaction } from '../types.ts';
import { INTAKE_REPLIES } from './intake-replies.ts';

type Refused = IntakeResult['refused'][number];

/** Those of `paths` that are one account each: the client keeps what they cannot take. */
export function withoutQueue({ paths, recipients }: MailTransaction): IntakeRecipient[] {
  const alone = new Set(paths.filter(({ length }) => length === 1).flat());
  return recipients.map((recipient) =>
    recipient.kind === 'local' && alone.has(recipient) ? { ...recipient, neverQueued: true } : recipient,
  );
}

function repliesTo(transaction: MailTransaction, accepted: Reply, refused: readonly Refused[]): Reply[] {
  return transaction.paths.map((path) => {
    const [only] = path.length === 1 ? path : [];
    const refusal = only?.kind === 'local' && refused.find(({ accountId }) => accountId === only.accountId);
    return refusal ? INTAKE_REPLIES[refusal.reason] : accepted;
  });
}

/** `verdict` for every recipient, but those that were refused alone. */
export function answerEach(transaction: MailTransaction, verdict: Reply, refused: readonly Refused[]): Reply {
  const [first = verdict, ...others] = repliesTo(transaction, verdict, refused);
  return { ...first, others };
}
