/** CAPA (RFC 2449 §5). */
import { offeredMechanisms } from '#engine/sasl/mechanisms.ts';
import { ok } from '../reply.ts';
import { maySignIn, saslContext } from '../sign-in.ts';
import { defineCommand, type Pop3Session } from '../types.ts';

function capabilities(session: Pop3Session): string[] {
  const list = ['TOP', 'UIDL', 'RESP-CODES', 'AUTH-RESP-CODE', 'PIPELINING', 'EXPIRE NEVER', 'LOGIN-DELAY 0'];
  if (session.connection.tls === null && session.maildrop === null) list.push('STLS');
  if (maySignIn(session)) list.push('USER', `SASL ${offeredMechanisms(saslContext(session)).join(' ')}`);
  list.push('IMPLEMENTATION Mailstead');
  return list;
}

export const capa = defineCommand({
  name: 'CAPA',
  states: ['authorization', 'transaction'],
  parse: () => undefined,
  run: async (session) => ok('Capabilities follow', capabilities(session)),
});
