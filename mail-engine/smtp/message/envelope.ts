import type { IntakeEnvelope } from '#engine/intake/types.ts';
import { formatReceived } from '#engine/wire/smtp/received.ts';
import { maxMessageBytes } from '../size-limit.ts';
import type { MailTransaction, SmtpSession } from '../types.ts';
import type { Care } from './care.ts';
import { withoutQueue } from './recipient-replies.ts';

/** Unique over all connections: connection id and message number. */
function nextRef(session: SmtpSession): string {
  session.messages += 1;
  return `${session.connection.id}-${session.messages}`;
}

function receivedField(session: SmtpSession, transaction: MailTransaction, ref: string): string {
  const { connection, deps, helo, account } = session;
  return formatReceived({
    helo: helo?.name ?? 'unknown',
    extended: helo?.extended ?? false,
    peer: connection.peer.address,
    hostname: deps.hostname,
    peerName: connection.peerName,
    lmtp: session.role === 'lmtp',
    tls: connection.tls,
    authenticated: account !== null,
    smtpUtf8: transaction.parameters.smtpUtf8,
    id: ref,
    recipient: transaction.accepted === 1 ? transaction.firstRecipient : undefined,
    at: deps.now(),
  });
}

/** The transaction as intake takes it; only called with recipients there. */
export function createEnvelope(session: SmtpSession, transaction: MailTransaction, care: Care): IntakeEnvelope {
  const { connection, client } = session;
  const { parameters, sender, recipients, notBefore } = transaction;
  const ref = nextRef(session);
  return {
    sender,
    recipients: session.role === 'lmtp' ? withoutQueue(transaction) : recipients,
    ref,
    received: receivedField(session, transaction, ref),
    peer: connection.peer.address,
    maxBytes: maxMessageBytes(session),
    smtpUtf8: parameters.smtpUtf8,
    requireTls: parameters.requireTls,
    ...(notBefore !== null && { notBefore }),
    ...(client.recorded !== null && { traceDetail: client.recorded }),
    ...(care.kind === 'submission' && { accountId: care.accountId }),
    ...(parameters.envId !== undefined && { envId: parameters.envId }),
    ...(parameters.ret !== undefined && { ret: parameters.ret }),
  };
}
