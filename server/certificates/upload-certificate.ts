import { z } from 'zod';
import { OperationError } from '../actor/errors.ts';
import { lockDomain } from '../domains/require-domain.ts';
import { idInput } from '../input/id.ts';
import { type Context, defineOperation } from '../operation.ts';
import { CERTIFICATE_FIELDS, type CertificateView, toCertificateView } from './certificate-view.ts';
import { type Chain, readChain } from './read-chain.ts';
import { readKey } from './read-key.ts';
import { sealKey } from './seal-key.ts';

const MAX_PEM = 64 * 1024;
const MAX_NAMES = 100;
const MAX_OF_A_DOMAIN = 20;

const pem = (what: string) =>
  z.string().trim().min(1, `Paste the ${what}.`).max(MAX_PEM, `This is too long for a ${what}.`);

const input = z.object({
  /** Null for a certificate of the host, whose names may be any: admins only. */
  domainId: idInput.nullable(),
  chain: pem('certificate'),
  key: pem('private key'),
});

/** Of a domain's certificate the names in the domain count, unless they are in another domain hosted here, below it. */
async function namesWithin({ db }: Context, names: readonly string[], domain: string): Promise<string[]> {
  const inside = names.filter((name) => name === domain || name.endsWith(`.${domain}`));
  const below = await db.domain.findMany({
    where: { name: { endsWith: `.${domain}` }, deletedAt: null },
    select: { name: true },
  });
  return inside.filter((name) => !below.some((other) => name === other.name || name.endsWith(`.${other.name}`)));
}

async function requireNames(context: Context, chain: Chain, domainId: bigint | null): Promise<string[]> {
  const domain = domainId === null ? null : await lockDomain(context, domainId);
  const names = domain ? await namesWithin(context, chain.names, domain.name) : chain.names;
  if (names.length > 0 && names.length <= MAX_NAMES) return names;
  const found = chain.names.slice(0, 5).join(', ');
  const message =
    names.length === 0
      ? `This certificate is for ${found}, and for nothing in ${domain?.name}.`
      : `This certificate is for more than ${MAX_NAMES} names.`;
  throw new OperationError('invalid', message, { chain: message });
}

/** One that has all the names of an older one of the same domain takes its place: that is a renewal. */
async function replaceRenewed({ db }: Context, domainId: bigint | null, names: string[]): Promise<number> {
  return await db.$executeRaw`
    DELETE FROM certificate WHERE domain_id IS NOT DISTINCT FROM ${domainId}::bigint AND names <@ ${names}::text[]`;
}

/**
 * Shows a certificate to clients that ask for one of its names, from now on. `invalid` on `chain` or `key` where the two do not
 * belong together, it has expired, or it is for no name of the domain.
 */
export const uploadCertificate = defineOperation({
  name: 'certificates.upload',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input,
  run: async (context, { domainId, chain: chainPem, key: keyPem }) => {
    const { db, actor, now, secret } = context;
    if (secret === undefined) throw new Error('A private key cannot be stored without the installation’s secret');
    if (domainId === null && actor.kind !== 'admin' && actor.kind !== 'system') {
      throw new OperationError('forbidden', 'Choose the domain this certificate is for.');
    }
    const key = readKey(keyPem);
    const chain = readChain(chainPem, key, now());
    const names = await requireNames(context, chain, domainId);
    const replaced = await replaceRenewed(context, domainId, names);
    if (domainId !== null && (await db.certificate.count({ where: { domainId } })) >= MAX_OF_A_DOMAIN) {
      throw new OperationError(
        'limit-reached',
        `A domain has at most ${MAX_OF_A_DOMAIN} certificates. Delete one first.`,
      );
    }
    const fingerprint = chain.leaf.fingerprint256.replaceAll(':', '').toLowerCase();
    const pkcs8 = String(key.export({ type: 'pkcs8', format: 'pem' }));
    const row = await db.certificate.create({
      data: {
        domainId,
        names,
        chainPem: chain.pem,
        sealedKey: sealKey(secret, fingerprint, pkcs8),
        issuer: chain.leaf.issuer.split('\n').join(', ').slice(0, 500),
        fingerprint,
        notBefore: chain.leaf.validFromDate,
        notAfter: chain.leaf.validToDate,
        createdAt: now(),
        createdBy: actor.label,
      },
      select: CERTIFICATE_FIELDS,
    });
    return { certificate: toCertificateView(row, now()) satisfies CertificateView, replaced };
  },
  target: (_, { certificate }) => certificate.names.join(', ').slice(0, 500),
});
