import { parsePlain } from '#engine/wire/sasl/plain.ts';
import { attemptOf, EMPTY, isOther, requireWellFormed } from './attempt.ts';
import { type Mechanism, WRONG } from './types.ts';

/** RFC 4616. */
export const plain: Mechanism = {
  name: 'PLAIN',
  isOffered: () => true,
  authenticate: async (exchange) => {
    const response = exchange.initial ?? (await exchange.ask(EMPTY));
    const { authorization, authentication, password } = requireWellFormed(parsePlain(response), 'PLAIN');
    if (isOther(authorization, authentication)) return WRONG;
    return exchange.authenticator.checkPassword({ login: authentication, password, ...attemptOf(exchange, 'PLAIN') });
  },
};
