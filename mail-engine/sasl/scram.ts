/**
 * SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC 7677), bound to TLS by tls-exporter (RFC 9266) or tls-server-end-point
 * (RFC 5929 §4). A client that could bind and was told by somebody in the middle that we could not is refused; so is one whose
 * end of TLS is not ours. Once the client has had the salt, anything but a right proof counts as a failure.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { ChannelBindingType } from '#engine/net/channel-binding.ts';
import type { Connection } from '#engine/net/types.ts';
import {
  formatScramServerFinal,
  formatScramServerFirst,
  parseScramClientFinal,
  parseScramClientFirst,
  type ScramClientFirst,
} from '#engine/wire/sasl/scram.ts';
import type { AuthenticationResult, ScramExchange } from '#server/directory/types.ts';
import { attemptOf, EMPTY, isOther, requireWellFormed } from './attempt.ts';
import { type Mechanism, SaslError, type SaslExchange, WRONG } from './types.ts';

const NONCE_BYTES = 18;
const TYPES: readonly ChannelBindingType[] = ['tls-exporter', 'tls-server-end-point'];

/**
 * TLS 1.3 only: before it, clients bind by tls-unique alone, which is not safe there (RFC 9266 §1); offered PLUS, they would choose
 * it and fail where the plain mechanism would have done.
 */
function canBind(connection: Connection): boolean {
  return connection.channelBinding('tls-exporter') !== null;
}

/** The binding data the client must repeat, or why there is none. */
function findBinding(connection: Connection, { binding }: ScramClientFirst, plus: boolean): Buffer | 'refused' {
  // RFC 5802 §6: `y` where PLUS was offered is a downgrade, `p` and the name of the mechanism belong together.
  if (binding.flag !== 'p') return plus || (binding.flag === 'y' && canBind(connection)) ? 'refused' : EMPTY;
  const type = TYPES.find((known) => known === binding.type);
  if (!plus || type === undefined) return 'refused';
  return connection.channelBinding(type) ?? 'refused';
}

function isEqual(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

interface Opened {
  first: ScramClientFirst;
  binding: Buffer;
  scram: ScramExchange;
}

async function finish(exchange: SaslExchange, { first, binding, scram }: Opened): Promise<AuthenticationResult> {
  const { salt, iterations } = scram;
  const nonce = first.nonce + randomBytes(NONCE_BYTES).toString('base64');
  const serverFirst = formatScramServerFirst({ nonce, salt, iterations });
  const answer = await exchange.ask(Buffer.from(serverFirst));
  const final = requireWellFormed(parseScramClientFinal(answer), 'SCRAM');
  const bound = isEqual(final.binding, Buffer.concat([Buffer.from(first.header), binding]));
  if (!bound) exchange.connection.log.warn({ flag: first.binding }, 'sign-in bound to another TLS connection');
  if (!bound || final.nonce !== nonce) return WRONG;
  const authMessage = `${first.bare},${serverFirst},${final.withoutProof}`;
  const { result, serverSignature } = await scram.judge(authMessage, final.proof);
  if (serverSignature === null) return result;
  // None of the three protocols carries data with its success, so the server's proof is a challenge, answered with nothing.
  const end = await exchange.ask(Buffer.from(formatScramServerFinal(serverSignature)));
  if (end.length > 0) throw new SaslError('malformed', 'Nothing was expected after the server signature');
  return result;
}

async function authenticate(exchange: SaslExchange, name: string, plus: boolean): Promise<AuthenticationResult> {
  const message = exchange.initial ?? (await exchange.ask(EMPTY));
  const first = requireWellFormed(parseScramClientFirst(message), 'SCRAM');
  const binding = findBinding(exchange.connection, first, plus);
  if (binding === 'refused') {
    exchange.connection.log.warn({ mechanism: name, flag: first.binding }, 'channel binding refused');
    return WRONG;
  }
  if (isOther(first.authorization, first.username)) return WRONG;
  const scram = await exchange.authenticator.openScram({ login: first.username, ...attemptOf(exchange, name) });
  if (scram === 'throttled') return { ok: false, reason: 'throttled' };
  try {
    return await finish(exchange, { first, binding, scram });
  } finally {
    await scram.close();
  }
}

export const scramSha256: Mechanism = {
  name: 'SCRAM-SHA-256',
  isOffered: () => true,
  authenticate: (exchange) => authenticate(exchange, 'SCRAM-SHA-256', false),
};

export const scramSha256Plus: Mechanism = {
  name: 'SCRAM-SHA-256-PLUS',
  isOffered: ({ connection }) => canBind(connection),
  authenticate: (exchange) => authenticate(exchange, 'SCRAM-SHA-256-PLUS', true),
};
