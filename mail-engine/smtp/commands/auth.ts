/** AUTH (RFC 4954), on submission only and never in clear but from this machine, where a setting says so. */
import { ConnectionError } from '#engine/net/types.ts';
import { decodeResponse, decodeResponseLine, encodeChallenge } from '#engine/sasl/frame.ts';
import { findMechanism } from '#engine/sasl/mechanisms.ts';
import { SaslError } from '#engine/sasl/types.ts';
import { SmtpSyntaxError } from '#engine/wire/smtp/syntax-error.ts';
import type { AuthenticationResult } from '#server/directory/types.ts';
import { closingReply, formatReply, type Reply, refuse, reply, SmtpRefusal } from '../reply.ts';
import { beginAs, lineTimeoutMs, maySignIn, saslContext } from '../session-state.ts';
import { defineCommand, type SmtpSession } from '../types.ts';

const SYNTAX = /^([A-Za-z0-9_-]{1,20})(?: +(\S+))?$/;

type Failure = 'wrong' | 'throttled' | 'suspended' | 'expired';

const FAILURES: Readonly<Record<Failure, Reply>> = {
  wrong: reply(535, '5.7.8', 'Authentication failed'),
  expired: reply(535, '5.7.8', 'Authentication failed: token expired'),
  suspended: reply(535, '5.7.13', 'Account suspended'),
  throttled: reply(454, '4.7.0', 'Too many failed attempts, try again later'),
};

function fail(session: SmtpSession, reason: Failure, mechanism: string): Reply {
  session.failedLogins += 1;
  session.connection.log.info({ mechanism, reason }, 'sign-in failed');
  if (session.failedLogins < session.limits.failedLogins) return FAILURES[reason];
  return closingReply(421, '4.7.0', 'Too many failed sign-ins, closing the connection');
}

async function ask(session: SmtpSession, challenge: Buffer): Promise<Buffer> {
  const { connection, limits } = session;
  await connection.write(formatReply(reply(334, null, encodeChallenge(challenge))));
  try {
    return decodeResponseLine(await connection.readLine(limits.commandBytes, lineTimeoutMs(session)));
  } catch (error) {
    if (!(error instanceof ConnectionError && error.code === 'line-too-long')) throw error;
    throw new SmtpRefusal(closingReply(500, '5.5.6', 'Authentication line too long'));
  }
}

interface Request {
  mechanism: string;
  initial: string | undefined;
}

async function exchange(session: SmtpSession, { mechanism, initial }: Request): Promise<AuthenticationResult> {
  const context = saslContext(session);
  const found = findMechanism(mechanism, context);
  if (found === undefined) throw refuse(504, '5.5.4', 'Mechanism not offered');
  try {
    return await found.authenticate({
      ...context,
      initial: initial === undefined ? null : decodeResponse(initial),
      ask: (challenge) => ask(session, challenge),
    });
  } catch (error) {
    if (error instanceof SaslError) throw refuse(501, error.code === 'cancelled' ? '5.7.0' : '5.5.2', error.message);
    throw error;
  }
}

export const auth = defineCommand({
  name: 'AUTH',
  states: ['ready'],
  parse: (argument): Request => {
    const [, mechanism, initial] = SYNTAX.exec(argument) ?? [];
    if (mechanism === undefined) throw new SmtpSyntaxError('5.5.4', 'Syntax: AUTH mechanism [initial-response]');
    return { mechanism: mechanism.toUpperCase(), initial };
  },
  run: async (session, request) => {
    if (session.role !== 'submission') throw refuse(502, '5.5.1', 'Sign in on the submission port');
    if (session.account !== null) throw refuse(503, '5.5.1', 'You have already signed in');
    if (!maySignIn(session)) throw refuse(538, '5.7.11', 'Sign in over TLS: STARTTLS first');
    const result = await exchange(session, request);
    const { mechanism } = request;
    if (!result.ok) return fail(session, result.reason, mechanism);
    beginAs(session, result.account);
    session.connection.log.info({ mechanism, accountId: result.account.accountId }, 'signed in');
    return reply(235, '2.7.0', 'Authentication succeeded');
  },
});
