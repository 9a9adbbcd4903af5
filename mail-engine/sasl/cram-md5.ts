import { randomBytes } from 'node:crypto';
import { parseCramMd5Response } from '#engine/wire/sasl/cram-md5.ts';
import { attemptOf, requireWellFormed } from './attempt.ts';
import { type Mechanism, SaslError } from './types.ts';

/**
 * RFC 2195. Where a setting offers it: it guards a password against who only listens, which TLS does better, and wants a key kept
 * that is worth as much as the password (`server/auth/cram-md5.ts`).
 */
export const cramMd5: Mechanism = {
  name: 'CRAM-MD5',
  isOffered: ({ settings }) => settings.cramMd5,
  authenticate: async (exchange) => {
    // The server speaks first: an initial response is an error (RFC 4954 §4, RFC 4422 §3).
    if (exchange.initial !== null) throw new SaslError('malformed', 'CRAM-MD5 takes no initial response');
    const challenge = Buffer.from(`<${randomBytes(16).toString('hex')}@${exchange.hostname}>`);
    const response = await exchange.ask(challenge);
    const { username, digest } = requireWellFormed(parseCramMd5Response(response), 'CRAM-MD5');
    const attempt = attemptOf(exchange, 'CRAM-MD5');
    return exchange.authenticator.checkCramMd5({ login: username, challenge, digest, ...attempt });
  },
};
