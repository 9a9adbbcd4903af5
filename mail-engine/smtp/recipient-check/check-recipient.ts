/**
 * chkuser's recipient check, in its order: the session's own limits, the address's form, whether the domain is ours (else relaying),
 * then what the directory says. The directory is the same that delivers, so nothing is accepted here to be bounced later.
 *
 * Every decision is one line in the log; every refusal is its reply, thrown. A session over its limits is answered ever later, and
 * then ended.
 */
import type { IntakeRecipient } from '#engine/intake/types.ts';
import type { RcptParameters } from '#engine/wire/smtp/parameters.ts';
import type { Mailbox } from '#engine/wire/smtp/path.ts';
import { needsSmtpUtf8 } from '#engine/wire/smtp/path.ts';
import type { DeliverableRecipient, RecipientResolution } from '#server/directory/types.ts';
import { type Soon, whenThere } from '#server/soon.ts';
import { type Reply, refuse, SmtpRefusal } from '../reply.ts';
import { delayReply, tarpitDelayMs } from '../tarpit.ts';
import type { MailTransaction, SmtpSession } from '../types.ts';
import { type Brief, logDecision } from './decision-log.ts';
import { refusesFullForGood } from './full-mailbox.ts';
import { appendSuffix, findRelayRight, isRelayClient } from './relay.ts';
import { CHECK_REPLIES } from './replies.ts';
import type { Entry, SessionThresholds } from './session-count.ts';
import { type GivenRecipient, toIntake, toRemote } from './to-intake.ts';

/** What RCPT named: a mailbox, or the reply to what is none. */
export interface NamedRecipient {
  /** As written, for the log. */
  text: string;
  mailbox: Mailbox | Reply;
  /** Named without a domain or by this host's address: nobody else's postmaster, so never relayed. */
  isHost: boolean;
  parameters: RcptParameters;
}

interface Verdict {
  answer: Reply;
  brief: Brief;
  extended: string;
}

const ENTRIES: Readonly<Record<Exclude<Entry, 'go'>, Verdict>> = {
  'over-limit': {
    answer: CHECK_REPLIES.tooManyRecipients,
    brief: 'intrusion threshold',
    extended: 'max number of allowed rcpt',
  },
  intruder: {
    answer: CHECK_REPLIES.intruder,
    brief: 'rejected intrusion',
    extended: 'rcpt ignored, session over intrusion threshold',
  },
  out: {
    answer: CHECK_REPLIES.intruderOut,
    brief: 'rejected intrusion',
    extended: 'rcpt ignored, session over intrusion threshold',
  },
};

function rejected(answer: Reply, extended: string, brief: Brief = 'rejected rcpt'): Verdict {
  return { answer, brief, extended };
}

const VERDICTS = {
  unknown: rejected(CHECK_REPLIES.unknown, 'not existing recipient'),
  suspended: rejected(CHECK_REPLIES.suspended, 'recipient is suspended'),
  circular: rejected(CHECK_REPLIES.circular, 'recipient leads back to itself'),
  fullForNow: rejected(CHECK_REPLIES.fullForNow, 'rcpt mailbox is overquota', 'mbx overquota'),
  fullForGood: rejected(CHECK_REPLIES.fullForGood, 'rcpt mailbox is overquota', 'mbx overquota'),
  tooMuchMail: rejected(CHECK_REPLIES.tooMuchMail, 'rcpt mailbox is over its receive limit'),
  relaying: rejected(CHECK_REPLIES.relaying, 'client not allowed to relay', 'rejected relaying'),
  unreachable: rejected(CHECK_REPLIES.unreachable, 'no auth resource available', 'no auth resource'),
  mustAuthenticate: rejected(CHECK_REPLIES.mustAuthenticate, 'sender not authenticated/authorized', 'must auth'),
} as const;

/** Variables of the access rules go before the settings, which do not concern those a rule trusts. */
function thresholdsOf(session: SmtpSession): SessionThresholds {
  const { client, role, deps } = session;
  const { rcptLimit, wrongRcptLimit, start } = client.chkuser;
  const isExempt = role === 'lmtp' || start === 'none' || isRelayClient(session);
  const general = isExempt ? { recipients: 0, wrong: 0 } : deps.recipientCheck.settings().thresholds;
  return { recipients: rcptLimit ?? general.recipients, wrong: wrongRcptLimit ?? general.wrong };
}

/** False where too many sessions wait already: each holds a connection's place. */
async function holdBack(session: SmtpSession, ms: number): Promise<boolean> {
  const { recipientCheck } = session.deps;
  if (ms === 0) return true;
  if (recipientCheck.heldBack >= recipientCheck.maxHeldBack) return false;
  recipientCheck.heldBack += 1;
  try {
    await delayReply(session, ms);
    return true;
  } finally {
    recipientCheck.heldBack -= 1;
  }
}

/** Waits as long as the session's errors ask for; one that finds no place to wait is ended. */
async function punish(session: SmtpSession): Promise<void> {
  if (await holdBack(session, session.recipientCount.delayMs)) return;
  throw new SmtpRefusal(CHECK_REPLIES.intruderOut);
}

function traceRefusal(session: SmtpSession, recipient: Mailbox, { code, enhanced, lines }: Reply): void {
  const { connection, transaction, deps } = session;
  deps.recipientCheck.refusals.add({
    ref: connection.id,
    sender: transaction?.sender ?? '',
    recipient: recipient.address,
    domain: recipient.domain,
    peer: connection.peer.address,
    reply: `${code} ${enhanced ?? ''} ${lines[0] ?? ''}`,
  });
}

async function refuseEntry(session: SmtpSession, entry: Exclude<Entry, 'go'>, text: string): Promise<never> {
  const { answer, brief, extended } = ENTRIES[entry];
  logDecision(session, brief, text, extended);
  if (entry !== 'out') await punish(session);
  throw new SmtpRefusal(answer);
}

async function refuseRecipient(session: SmtpSession, recipient: Mailbox, verdict: Verdict): Promise<never> {
  logDecision(session, verdict.brief, recipient.address, verdict.extended);
  traceRefusal(session, recipient, verdict.answer);
  if (verdict === VERDICTS.unknown && session.recipientCount.countWrong(thresholdsOf(session))) {
    logDecision(session, 'intrusion threshold', recipient.address, 'max number of allowed invalid rcpt');
    await punish(session);
  }
  throw new SmtpRefusal(verdict.answer);
}

/** A limit stops a message only where it has nowhere else to go. */
function isOverReceiveLimit({ deps }: SmtpSession, { targets, remotes, responderIds }: DeliverableRecipient): boolean {
  if (remotes.length > 0 || responderIds.length > 0) return false;
  const { received, settings } = deps.recipientCheck;
  const { receive } = settings();
  // Each of them is asked, so that each is counted.
  return targets.filter((target) => received.mayTake(target, receive)).length === 0;
}

function judge(
  session: SmtpSession,
  resolution: RecipientResolution,
  isHost: boolean,
): Verdict | DeliverableRecipient | 'relay' {
  switch (resolution.kind) {
    case 'deliverable':
      return isOverReceiveLimit(session, resolution) ? VERDICTS.tooMuchMail : resolution;
    case 'not-hosted':
      return isHost ? VERDICTS.unknown : 'relay';
    case 'over-quota':
      return refusesFullForGood(session) ? VERDICTS.fullForGood : VERDICTS.fullForNow;
    case 'unknown':
    case 'suspended':
    case 'circular':
      return VERDICTS[resolution.kind];
  }
}

function lookUp(session: SmtpSession, recipient: Mailbox): Soon<RecipientResolution> {
  const { deps, client, connection } = session;
  const found = deps.directory.resolveRecipient(recipient.address, client.chkuser.mailboxQuotaPercent ?? undefined);
  if (!(found instanceof Promise)) return found;
  return found.catch((error: unknown) => {
    connection.log.error({ err: error }, 'the directory could not be asked');
    return refuseRecipient(session, recipient, VERDICTS.unreachable);
  });
}

function logAccepted(session: SmtpSession, brief: Brief, { address }: Mailbox, extended: string): void {
  if (session.deps.recipientCheck.settings().logsAccepted) logDecision(session, brief, address, extended);
}

async function relay(
  session: SmtpSession,
  transaction: MailTransaction,
  given: GivenRecipient,
): Promise<IntakeRecipient[]> {
  const { recipient } = given;
  const right = await findRelayRight(session, transaction.sender);
  if (right === null) return refuseRecipient(session, recipient, VERDICTS.relaying);
  const remote = toRemote(given);
  // Only now: one that is refused after all must not change what the message is.
  transaction.relaying = right;
  logAccepted(session, 'relaying rcpt', recipient, 'client allowed to relay');
  return [remote];
}

/** Where mail for what was looked up goes. */
function decide(
  session: SmtpSession,
  transaction: MailTransaction,
  given: GivenRecipient,
  judged: Verdict | DeliverableRecipient | 'relay',
): Soon<IntakeRecipient[]> {
  const { recipient } = given;
  if (judged === 'relay') return relay(session, transaction, given);
  if ('answer' in judged) return refuseRecipient(session, recipient, judged);
  if (judged.by === 'catch-all') {
    logAccepted(session, 'accepted any rcpt', recipient, 'accepted any recipient for this domain');
  } else logAccepted(session, 'accepted rcpt', recipient, 'found existing recipient');
  return toIntake(judged, given, transaction.sender);
}

function checkMailbox(
  session: SmtpSession,
  transaction: MailTransaction,
  mailbox: Mailbox,
  { isHost, parameters }: NamedRecipient,
): Soon<IntakeRecipient[]> {
  const { client, account, deps } = session;
  if (client.chkuser.mustAuth && account === null && client.relaySuffix === null) {
    return refuseRecipient(session, mailbox, VERDICTS.mustAuthenticate);
  }
  if (needsSmtpUtf8(mailbox) && !transaction.parameters.smtpUtf8) {
    throw refuse(553, '5.6.7', 'This recipient needs SMTPUTF8');
  }
  if (transaction.accepted >= deps.settings().maxRecipients) throw refuse(452, '4.5.3', 'Too many recipients');
  const recipient = appendSuffix(session, mailbox);
  if (recipient === undefined) throw new SmtpRefusal(CHECK_REPLIES.badRecipient);
  return whenThere(lookUp(session, recipient), (found) => {
    // With RELAYCLIENT's suffix it is an address at another host.
    const judged = judge(session, found, isHost && recipient === mailbox);
    return decide(session, transaction, { recipient, parameters }, judged);
  });
}

/** What RCPT named, as intake takes it; at once where the directory knows. Throws, or rejects with, the refusal. */
export function checkRecipient(
  session: SmtpSession,
  transaction: MailTransaction,
  named: NamedRecipient,
): Soon<IntakeRecipient[]> {
  const entry = session.recipientCount.enter(thresholdsOf(session));
  if (entry !== 'go') return refuseEntry(session, entry, named.text);
  const { mailbox } = named;
  if ('code' in mailbox) {
    logDecision(session, 'rejected rcpt', named.text, 'invalid rcpt address format');
    throw new SmtpRefusal(mailbox);
  }
  // TARPITCOUNT slows down; who finds no place to wait is answered at once.
  const delayMs = tarpitDelayMs(session, transaction.accepted + 1);
  if (delayMs === 0) return checkMailbox(session, transaction, mailbox, named);
  return holdBack(session, delayMs).then(() => checkMailbox(session, transaction, mailbox, named));
}
