/** Handing a finished message to the submission service (RFC 6409), signed in by OAUTHBEARER (RFC 7628). */
import { createTransport } from 'nodemailer';
import { OperationError } from '../../actor/errors.ts';
import type { MailIdentity } from '../connection/imap-connection.ts';
import type { MailServer } from '../connection/mail-servers.ts';

export interface Submission {
  sender: string;
  recipients: readonly string[];
  bytes: Buffer;
}

interface SmtpFailure extends Error {
  code?: string;
  responseCode?: number;
  response?: string;
}

/** RFC 7628 §3.1: GS2 header, then key-value pairs set off by 0x01. */
function encodeBearer(address: string, token: string): string {
  const authzid = address.replace(/=/g, '=3D').replace(/,/g, '=2C');
  return Buffer.from(`n,a=${authzid},\u0001auth=Bearer ${token}\u0001\u0001`).toString('base64');
}

const MECHANISM = 'OAUTHBEARER';

interface SaslSession {
  sendCommand: (command: string) => Promise<{ status: number }>;
}

async function presentBearer(session: SaslSession, bearer: string): Promise<void> {
  const reply = await session.sendCommand(`AUTH ${MECHANISM} ${bearer}`);
  // 334 carries the reason; a lone 0x01 ends the exchange (RFC 7628 §3.2.3).
  if (reply.status === 334) await session.sendCommand('AQ==');
  if (reply.status !== 235) throw Object.assign(new Error('submission refused the token'), { code: 'EAUTH' });
}

async function createSubmissionTransport(server: MailServer, identity: MailIdentity) {
  const bearer = encodeBearer(identity.address, await identity.issueToken());
  return createTransport({
    host: server.host,
    port: server.port,
    secure: server.implicitTls,
    requireTLS: !server.implicitTls,
    tls: await server.tlsOptions(),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 120_000,
    auth: { user: identity.address, pass: '', method: MECHANISM },
    customAuth: { [MECHANISM]: (session: SaslSession) => presentBearer(session, bearer) },
  });
}

function toSubmissionError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code, responseCode, response }: SmtpFailure = error;
  if (code === 'EAUTH') return new OperationError('unauthenticated', 'Your session has ended. Sign in again.');
  if (responseCode !== undefined && responseCode >= 500) {
    return new OperationError('invalid', `The mail server refused the message: ${response?.slice(0, 300) ?? ''}`);
  }
  if (code !== undefined)
    return new OperationError('unavailable', 'The message could not be sent just now. It is kept in Drafts.');
  return error;
}

/** Answers the recipients that were refused while others were accepted; throws when none was. */
export async function submitMessage(
  server: MailServer,
  identity: MailIdentity,
  submission: Submission,
): Promise<string[]> {
  const transport = await createSubmissionTransport(server, identity);
  try {
    const sent = await transport.sendMail({
      envelope: { from: submission.sender, to: [...submission.recipients] },
      raw: submission.bytes,
    });
    return sent.rejected.map(String);
  } catch (error) {
    throw toSubmissionError(error);
  } finally {
    transport.close();
  }
}
