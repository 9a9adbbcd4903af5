/** Handing a finished message to the submission service (RFC 6409), signed in by OAUTHBEARER (RFC 7628). */
import { Readable } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import MimeNode from 'nodemailer/lib/mime-node';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
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

function createConnection(server: MailServer, tls: ConnectionOptions, bearer: string): SMTPConnection {
  return new SMTPConnection({
    host: server.host,
    port: server.port,
    secure: server.implicitTls,
    requireTLS: !server.implicitTls,
    tls,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 120_000,
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
  if (code !== undefined) return new OperationError('unavailable', 'The message could not be sent just now.');
  return error;
}

/** Signs in and sends; resolves with the recipients that were refused while others were accepted. Rejects with nodemailer's errors. */
function handOver(
  connection: SMTPConnection,
  user: string,
  { sender, recipients }: Submission,
  message: Readable,
): Promise<string[]> {
  // Domains outside of ASCII go into the envelope as A-labels (RFC 5891 §2.3.2.1).
  const { from, to } = new MimeNode().setEnvelope({ from: sender, to: [...recipients] }).getEnvelope();
  return new Promise((resolve, reject) => {
    const next = (then: () => void) => (error?: Error | null) => (error ? reject(error) : then());
    const send = (): void =>
      connection.send({ from, to }, message, (error, info) =>
        error ? reject(error) : resolve(info.rejected.map(String)),
      );
    const login = (): void => connection.login({ user, pass: '', method: MECHANISM }, next(send));
    connection.on('error', reject);
    connection.connect(next(login));
  });
}

export interface SubmissionOutcome {
  /** Recipients that were refused while others were accepted. */
  refused: string[];
  /** The server has the whole message, but whether it took it was not heard. */
  unclear: boolean;
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && ((error as SmtpFailure).responseCode ?? 0) >= 400;
}

/**
 * Throws when the message was not taken. Without an answer after the end of the data nobody knows whether it was: the server may
 * have taken it the moment the connection broke (RFC 1047).
 */
export async function submitMessage(
  server: MailServer,
  identity: MailIdentity,
  submission: Submission,
): Promise<SubmissionOutcome> {
  const bearer = encodeBearer(identity.address, await identity.issueToken());
  const connection = createConnection(server, await server.tlsOptions(), bearer);
  // Nothing reads it before the server has answered 354; its end is the end of the data.
  const message = Readable.from([submission.bytes]);
  let whole = false;
  message.once('end', () => {
    whole = true;
  });
  try {
    return { refused: await handOver(connection, identity.address, submission, message), unclear: false };
  } catch (error) {
    if (whole && !isRefusal(error)) return { refused: [], unclear: true };
    throw toSubmissionError(error);
  } finally {
    connection.close();
  }
}
