import { attemptOf } from './attempt.ts';
import { type Mechanism, WRONG } from './types.ts';

const USERNAME = Buffer.from('Username:');
const PASSWORD = Buffer.from('Password:');

/** Specified nowhere (draft-murchison-sasl-login) and in use everywhere; an initial response is the name. */
export const login: Mechanism = {
  name: 'LOGIN',
  isOffered: () => true,
  authenticate: async (exchange) => {
    const name = exchange.initial ?? (await exchange.ask(USERNAME));
    const password = await exchange.ask(PASSWORD);
    if (name.length === 0 || password.length === 0) return WRONG;
    return exchange.authenticator.checkPassword({
      login: name.toString('utf8'),
      password: password.toString('utf8'),
      ...attemptOf(exchange, 'LOGIN'),
    });
  },
};
