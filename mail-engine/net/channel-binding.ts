/**
 * What ties an authentication to the TLS connection it happens in, so that a man in the middle with a TLS connection to each
 * side cannot pass it on: RFC 9266 (tls-exporter) and RFC 5929 §4 (tls-server-end-point).
 *
 * Null where the type is not defined for the connection: no TLS; tls-exporter before TLS 1.3 (RFC 9266 §3 asks for the extended
 * master secret there, which cannot be told from here); an end point whose signature names no hash, as with Ed25519.
 */
import { createHash, type X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

export type ChannelBindingType = 'tls-exporter' | 'tls-server-end-point';

const EXPORTER_LABEL = 'EXPORTER-Channel-Binding';
const EXPORTER_BYTES = 32;

/** RFC 5929 §4.1: the hash of the certificate's signature, SHA-256 in place of MD5 and SHA-1. */
const SIGNATURE_HASHES: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.4': 'sha256', // md5WithRSAEncryption
  '1.2.840.113549.1.1.5': 'sha256', // sha1WithRSAEncryption
  '1.2.840.113549.1.1.14': 'sha224',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.10040.4.3': 'sha256', // dsa-with-sha1
  '2.16.840.1.101.3.4.3.1': 'sha224', // dsa-with-sha224
  '2.16.840.1.101.3.4.3.2': 'sha256', // dsa-with-sha256
  '1.2.840.10045.4.1': 'sha256', // ecdsa-with-SHA1
  '1.2.840.10045.4.3.1': 'sha224',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
};
const RSASSA_PSS = '1.2.840.113549.1.1.10';
/** OID of each hash in DER, as the parameters of RSASSA-PSS (RFC 4055 §3.1) hold it; SHA-1 is the default and left out. */
const PSS_HASHES: readonly (readonly [string, Buffer])[] = [
  ['sha224', Buffer.from('0609608648016503040204', 'hex')],
  ['sha256', Buffer.from('0609608648016503040201', 'hex')],
  ['sha384', Buffer.from('0609608648016503040202', 'hex')],
  ['sha512', Buffer.from('0609608648016503040203', 'hex')],
];
const RSASSA_PSS_DER = Buffer.from('06092a864886f70d01010a', 'hex');

/** The last algorithm identifier of a certificate is the signature's; its hash stands before that of the mask. */
function findPssHash(der: Buffer): string {
  const parameters = der.subarray(der.lastIndexOf(RSASSA_PSS_DER));
  const found = PSS_HASHES.map(([name, oid]) => ({ name, at: parameters.indexOf(oid) })).filter(({ at }) => at >= 0);
  return found.toSorted((a, b) => a.at - b.at)[0]?.name ?? 'sha256';
}

/** The binding of tls-server-end-point; null where the signature names no hash. */
export function bindEndPoint(certificate: X509Certificate): Buffer | null {
  const { signatureAlgorithmOid: oid = '', raw } = certificate;
  const hash = oid === RSASSA_PSS ? findPssHash(raw) : SIGNATURE_HASHES[oid];
  return hash === undefined ? null : createHash(hash).update(raw).digest();
}

export function bindChannel(secure: TLSSocket, type: ChannelBindingType): Buffer | null {
  if (type === 'tls-server-end-point') {
    const certificate = secure.getX509Certificate();
    return certificate ? bindEndPoint(certificate) : null;
  }
  if (secure.getProtocol() !== 'TLSv1.3') return null;
  return secure.exportKeyingMaterial(EXPORTER_BYTES, EXPORTER_LABEL, Buffer.alloc(0));
}
