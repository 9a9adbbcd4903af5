/** AUTH (RFC 4954), on submission only and never in clear unless the admin allowed it. */
import { SmtpSyntaxError } from '#engine/wire/smtp/syntax-error.ts';
import { decodeResponse } from '../auth/exchange.ts';
import { MECHANISMS } from '../auth/mechanisms.ts';
import { closingReply, type Reply, refuse, reply } from '../reply.ts';
import { beginAs, maySignIn } from '../session-state.ts';
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

export const auth = defineCommand({
  name: 'AUTH',
  states: ['ready'],
  parse: (argument) => {
    const [, mechanism, initial] = SYNTAX.exec(argument) ?? [];
    if (mechanism === undefined) throw new SmtpSyntaxError('5.5.4', 'Syntax: AUTH mechanism [initial-response]');
    return { mechanism: mechanism.toUpperCase(), initial };
  },
  run: async (session, { mechanism, initial }) => {
    if (session.role !== 'submission') throw refuse(502, '5.5.1', 'Sign in on the submission port');
    if (session.account !== null) throw refuse(503, '5.5.1', 'You have already signed in');
    if (!maySignIn(session)) throw refuse(538, '5.7.11', 'Sign in over TLS: STARTTLS first');
    const exchange = MECHANISMS.get(mechanism);
    if (exchange === undefined) throw refuse(504, '5.5.4', 'Mechanism not offered');
    const response = initial === undefined ? undefined : decodeResponse(initial);
    const result = await exchange(session, response);
    if (!result.ok) return fail(session, result.reason, mechanism);
    beginAs(session, result.account);
    session.connection.log.info({ mechanism, accountId: result.account.accountId }, 'signed in');
    return reply(235, '2.7.0', 'Authentication succeeded');
  },
});
