/** Commands that only answer: NOOP, RSET, QUIT, HELP, VRFY, EXPN (RFC 5321 §4.1.1.5 to §4.1.1.10). */
import { SmtpSyntaxError } from '#engine/wire/smtp/syntax-error.ts';
import { closingReply, reply } from '../reply.ts';
import { resetTransaction } from '../session-state.ts';
import { defineCommand, EVERY_STATE } from '../types.ts';
import { expectNoArgument } from './arguments.ts';

const ignoreArgument = () => undefined;

export const noop = defineCommand({
  name: 'NOOP',
  states: EVERY_STATE,
  parse: ignoreArgument,
  run: () => reply(250, '2.0.0', 'Ok'),
});

export const rset = defineCommand({
  name: 'RSET',
  states: EVERY_STATE,
  parse: expectNoArgument,
  run: async (session) => {
    await resetTransaction(session);
    return reply(250, '2.0.0', 'Ok');
  },
});

export const quit = defineCommand({
  name: 'QUIT',
  states: EVERY_STATE,
  parse: expectNoArgument,
  run: () => closingReply(221, '2.0.0', 'Bye'),
});

export const help = defineCommand({
  name: 'HELP',
  states: EVERY_STATE,
  parse: ignoreArgument,
  run: ({ role }) =>
    reply(
      214,
      '2.0.0',
      `${role === 'lmtp' ? 'LHLO' : 'EHLO HELO'} MAIL RCPT DATA BDAT RSET NOOP VRFY HELP STARTTLS AUTH QUIT`,
      'See RFC 5321',
    ),
});

/** Says nothing about who exists (§3.5.3, §7.3). */
export const vrfy = defineCommand({
  name: 'VRFY',
  states: EVERY_STATE,
  parse: (argument) => {
    if (argument === '') throw new SmtpSyntaxError('5.5.4', 'Syntax: VRFY address');
  },
  run: () => reply(252, '2.5.2', 'Cannot verify, but send it and see'),
});

/** Refused: who is on a list is nobody's business (§7.3). */
export const expn = defineCommand({
  name: 'EXPN',
  states: EVERY_STATE,
  parse: ignoreArgument,
  run: () => reply(502, '5.7.0', 'EXPN is not available'),
});
