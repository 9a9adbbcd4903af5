/** Bearer tokens: OAUTHBEARER (RFC 7628) and its forerunner XOAUTH2. */
import { INVALID_TOKEN_CHALLENGE, parseOauthBearer, parseXoauth2 } from '#engine/wire/sasl/bearer.ts';
import { attemptOf, EMPTY, isOther, requireWellFormed } from './attempt.ts';
import { type Mechanism, WRONG } from './types.ts';

function bearer(name: string, parse: typeof parseOauthBearer): Mechanism {
  return {
    name,
    isOffered: () => true,
    authenticate: async (exchange) => {
      const response = exchange.initial ?? (await exchange.ask(EMPTY));
      const { authorization, token } = requireWellFormed(parse(response), name);
      const checked = await exchange.authenticator.checkToken({ token, ...attemptOf(exchange, name) });
      const result = checked.ok && isOther(authorization, checked.account.address) ? WRONG : checked;
      // RFC 7628 §3.2.3: the client answers the error challenge, then the exchange fails.
      if (!result.ok) await exchange.ask(INVALID_TOKEN_CHALLENGE);
      return result;
    },
  };
}

export const oauthBearer = bearer('OAUTHBEARER', parseOauthBearer);
export const xoauth2 = bearer('XOAUTH2', parseXoauth2);
