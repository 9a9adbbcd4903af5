/** CAPA (RFC 2449 §5). */
import { ok } from '../reply.ts';
import { maySignIn } from '../sign-in.ts';
import { defineCommand, type Pop3Session } from '../types.ts';

function capabilities(session: Pop3Session): string[] {
  const list = ['TOP', 'UIDL', 'RESP-CODES', 'AUTH-RESP-CODE', 'PIPELINING', 'EXPIRE NEVER', 'LOGIN-DELAY 0'];
  if (session.connection.tls === null && session.maildrop === null) list.push('STLS');
  if (maySignIn(session)) list.push('USER', 'SASL PLAIN OAUTHBEARER XOAUTH2');
  list.push('IMPLEMENTATION Mailstead');
  return list;
}

export const capa = defineCommand({
  name: 'CAPA',
  states: ['authorization', 'transaction'],
  parse: () => undefined,
  run: async (session) => ok('Capabilities follow', capabilities(session)),
});
