/**
 * Whether mail to a sender's domain could go anywhere: it has a mail exchanger (RFC 5321 §5.1), an address where it names none, and
 * does not say that it takes no mail (RFC 7505). The resolver remembers answers, within bounds; a question takes a limited time.
 */

import type { DnsResolver } from '#engine/dns/types.ts';
import type { Clock } from '#engine/queue/clock.ts';
import { normaliseDomain } from '#server/addresses/normalise-address.ts';

export type SenderDomain = 'takes-mail' | 'takes-none' | 'unknown-now';

const TIMEOUT_MS = 10_000;

async function findAddress(resolver: DnsResolver, name: string): Promise<SenderDomain> {
  const answers = await Promise.all([resolver.resolveAddresses(name, 4), resolver.resolveAddresses(name, 6)]);
  if (answers.some(({ kind }) => kind === 'records')) return 'takes-mail';
  return answers.some(({ kind }) => kind === 'failure') ? 'unknown-now' : 'takes-none';
}

async function ask(resolver: DnsResolver, name: string): Promise<SenderDomain> {
  const answer = await resolver.resolveMx(name);
  switch (answer.kind) {
    case 'records':
      return answer.records.some(({ exchange }) => exchange !== '') ? 'takes-mail' : 'takes-none';
    case 'nodata':
      return findAddress(resolver, name);
    case 'nxdomain':
      return 'takes-none';
    case 'failure':
      return 'unknown-now';
  }
}

/** `domain` as in MAIL. An address literal is taken for what it says. */
export async function checkSenderDomain(
  resolver: DnsResolver,
  timers: Pick<Clock, 'setTimer'>,
  domain: string,
): Promise<SenderDomain> {
  if (domain.startsWith('[')) return 'takes-mail';
  const name = normaliseDomain(domain);
  if (name === undefined) return 'takes-none';
  const late = Promise.withResolvers<SenderDomain>();
  const cancel = timers.setTimer(TIMEOUT_MS, () => late.resolve('unknown-now'));
  try {
    return await Promise.race([ask(resolver, name), late.promise]);
  } finally {
    cancel();
  }
}
