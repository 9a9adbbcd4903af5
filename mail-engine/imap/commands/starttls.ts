import { defineCommand, NOT_AUTHENTICATED, noArguments } from '../command.ts';
import { ImapError, ImapGoodbye } from '../errors.ts';

/**
 * RFC 3501 §6.2.1. What was sent in clear behind the command ends the session, so that nothing can be injected before TLS; the
 * tagged OK goes out here, as nothing may follow it in clear, and the session starts anew.
 */
export const starttlsCommand = defineCommand({
  name: 'STARTTLS',
  states: NOT_AUTHENTICATED,
  parse: noArguments,
  run: async (session) => {
    if (session.connection.tls) throw new ImapError('BAD', undefined, 'TLS is active already');
    if (session.connection.buffered > 0) throw new ImapGoodbye('Nothing may follow STARTTLS before TLS is active');
    await session.send(`${session.tag} OK Begin TLS\r\n`);
    await session.connection.startTls();
    return 'answered';
  },
});
