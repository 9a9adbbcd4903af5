/** The recipient check's replies: chkuser's words, with enhanced codes (RFC 3463) in front. */
import { closingReply, type Reply, reply } from '../reply.ts';

/** Those that `SessionCount` limits are no other command's errors as well. */
function counted(code: number, enhanced: string, line: string): Reply {
  return { ...reply(code, enhanced, line), countedElsewhere: true };
}

export const CHECK_REPLIES = {
  unknown: counted(550, '5.1.1', 'sorry, no mailbox here by that name (chkuser)'),
  unreachable: reply(451, '4.3.0', 'system temporary unavailable, try again later (chkuser)'),
  fullForGood: reply(552, '5.2.2', 'sorry, recipient mailbox is full (chkuser)'),
  fullForNow: reply(452, '4.2.2', 'sorry, recipient mailbox is full (chkuser)'),
  suspended: reply(550, '5.2.1', 'sorry, this mailbox is disabled (chkuser)'),
  circular: reply(554, '5.4.6', 'sorry, this address leads back to itself (chkuser)'),
  tooMuchMail: reply(450, '4.2.1', 'sorry, this mailbox gets too much mail just now, try again later (chkuser)'),
  tooManyRecipients: counted(
    550,
    '5.5.3',
    'sorry, reached maximum number of recipients allowed in one session (chkuser)',
  ),
  intruder: counted(550, '5.7.1', 'sorry, you are violating our security policies (chkuser)'),
  intruderOut: closingReply(421, '4.7.0', 'sorry, you are violating our security policies, closing (chkuser)'),
  noDomain: reply(550, '5.1.2', 'sorry, you must specify a domain (chkuser)'),
  badRecipient: reply(553, '5.1.3', 'sorry, rcpt syntax not allowed (chkuser)'),
  badSender: reply(553, '5.1.7', 'sorry, sender syntax not allowed (chkuser)'),
  senderWithoutMx: reply(550, '5.1.8', "sorry, can't find a valid MX for sender domain (chkuser)"),
  dnsFailure: reply(451, '4.4.0', 'DNS temporary failure (chkuser)'),
  relaying: reply(553, '5.7.1', "sorry, that domain isn't in my list of allowed rcpthosts (chkuser)"),
  mustAuthenticate: reply(530, '5.7.0', 'Authentication required (chkuser)'),
} satisfies Record<string, Reply>;
