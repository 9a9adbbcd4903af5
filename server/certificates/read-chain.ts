/**
 * A certificate and those of its issuers, as an authority hands them out: PEM, in any order, with the key that belongs to one of
 * them. Comes out as the chain a server sends, leaf first; what does not belong to it is refused, not dropped.
 */
import { type KeyObject, X509Certificate } from 'node:crypto';
import { OperationError } from '../actor/errors.ts';

export interface Chain {
  leaf: X509Certificate;
  pem: string;
  /** The DNS names it is for, lower-case. */
  names: string[];
}

const BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
const MAX_CERTIFICATES = 10;
/** A host's name, perhaps one with `*` for its first label (RFC 9525 §6.3). */
const NAME = /^(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}$/;

function wrongChain(message: string): OperationError {
  return new OperationError('invalid', message, { chain: message });
}

function parseCertificates(pem: string): X509Certificate[] {
  const blocks = pem.match(BLOCK) ?? [];
  if (blocks.length === 0) throw wrongChain('There is no certificate in PEM form here (-----BEGIN CERTIFICATE-----).');
  if (blocks.length > MAX_CERTIFICATES) throw wrongChain(`A chain has at most ${MAX_CERTIFICATES} certificates.`);
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    // OpenSSL's words name no block and help nobody.
    throw wrongChain('One of the certificates cannot be read.');
  }
}

/** From the leaf to the last issuer that is there. */
function inOrder(leaf: X509Certificate, others: readonly X509Certificate[]): X509Certificate[] {
  const chain = [leaf];
  const left = new Set(others);
  for (let last = leaf; ; ) {
    const issuer = [...left].find((candidate) => last.checkIssued(candidate) && last.verify(candidate.publicKey));
    if (!issuer) break;
    chain.push(issuer);
    left.delete(issuer);
    last = issuer;
  }
  if (left.size > 0)
    throw wrongChain('A certificate here belongs to another chain: give the one for this key and its issuers.');
  return chain;
}

function namesOf({ subjectAltName = '' }: X509Certificate): string[] {
  const entries = subjectAltName.split(', ').filter((entry) => entry.startsWith('DNS:'));
  const names = entries.map((entry) => entry.slice('DNS:'.length).toLowerCase());
  return [...new Set(names.filter((name) => NAME.test(name) && name.length <= 253))];
}

/** Anything that cannot be used is `invalid` on the field `chain`, in words that say what to do. */
export function readChain(pem: string, key: KeyObject, now: Date): Chain {
  const certificates = parseCertificates(pem);
  const leaf = certificates.find((certificate) => certificate.checkPrivateKey(key));
  if (!leaf) throw wrongChain('None of these certificates belongs to this key.');
  const until = leaf.validToDate;
  if (until <= now) throw wrongChain(`This certificate expired on ${until.toISOString().slice(0, 10)}.`);
  if (leaf.validFromDate > now) {
    throw wrongChain(`This certificate is not valid before ${leaf.validFromDate.toISOString().slice(0, 10)}.`);
  }
  const names = namesOf(leaf);
  if (names.length === 0)
    throw wrongChain('This certificate is for no host name (it has no DNS name among its alternatives).');
  const others = certificates.filter((certificate) => certificate !== leaf);
  return { leaf, names, pem: inOrder(leaf, others).map(String).join('') };
}
