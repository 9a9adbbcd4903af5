/**
 * A self-signed certificate (RFC 5280) with an ECDSA P-256 key, written in DER by hand: a dozen fields, all our own values,
 * need no ASN.1 library.
 */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';

const OID = {
  ecdsaWithSha256: '2a8648ce3d040302',
  commonName: '550403',
  basicConstraints: '551d13',
  keyUsage: '551d0f',
  extendedKeyUsage: '551d25',
  subjectAltName: '551d11',
  serverAuth: '2b06010505070301',
} as const;

const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  sequence: 0x30,
  set: 0x31,
};
/** GeneralName choices (RFC 5280 §4.2.1.6). */
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;
/** ub-common-name (RFC 5280 appendix A.1). */
const COMMON_NAME_MAX = 64;

function der(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), body]);
  const size = length < 0x100 ? Buffer.from([0x81, length]) : Buffer.from([0x82, length >> 8, length & 0xff]);
  return Buffer.concat([Buffer.from([tag]), size, body]);
}

const sequence = (...content: Buffer[]) => der(TAG.sequence, ...content);
const oid = (hex: string) => der(TAG.oid, Buffer.from(hex, 'hex'));

/** UTCTime until 2049, GeneralizedTime from then on (RFC 5280 §4.1.2.5). */
function time(at: Date): Buffer {
  const digits = at.toISOString().replace(/[-:T]|\.\d+/g, '');
  return at.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
}

function name(commonName: string): Buffer {
  const value = der(TAG.utf8, Buffer.from(commonName.slice(0, COMMON_NAME_MAX)));
  return sequence(der(TAG.set, sequence(oid(OID.commonName), value)));
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  const flag = critical ? [der(TAG.boolean, Buffer.from([0xff]))] : [];
  return sequence(oid(id), ...flag, der(TAG.octetString, value));
}

function addressBytes(ip: string): Buffer {
  if (isIP(ip) === 4) return Buffer.from(ip.split('.').map(Number));
  if (ip === '::1') return Buffer.from([...new Uint8Array(15), 1]);
  throw new Error(`${ip}: only IPv4 addresses and ::1 are written into certificates`);
}

function generalName(host: string): Buffer {
  return isIP(host) === 0 ? der(DNS_NAME, Buffer.from(host)) : der(IP_ADDRESS, addressBytes(host));
}

function extensions(hosts: readonly string[]): Buffer {
  const digitalSignature = Buffer.from([0x07, 0x80]);
  const list = sequence(
    extension(OID.basicConstraints, true, sequence()),
    extension(OID.keyUsage, true, der(TAG.bitString, digitalSignature)),
    extension(OID.extendedKeyUsage, false, sequence(oid(OID.serverAuth))),
    extension(OID.subjectAltName, false, sequence(...hosts.map(generalName))),
  );
  return der(0xa3, list);
}

function toBeSigned(hosts: readonly string[], publicKey: KeyObject, from: Date, until: Date): Buffer {
  const subject = name(hosts[0] ?? 'localhost');
  // Positive, without a leading zero octet, random (RFC 5280 §4.1.2.2).
  const serial = randomBytes(16);
  serial[0] = ((serial[0] as number) & 0x3f) | 0x40;
  return sequence(
    der(0xa0, der(TAG.integer, Buffer.from([2]))),
    der(TAG.integer, serial),
    sequence(oid(OID.ecdsaWithSha256)),
    subject,
    sequence(time(from), time(until)),
    subject,
    publicKey.export({ format: 'der', type: 'spki' }),
    extensions(hosts),
  );
}

function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').replace(/.{1,64}/g, '$&\n');
  return `-----BEGIN ${label}-----\n${lines}-----END ${label}-----\n`;
}

/** `hosts`: names and addresses of the server, the first of them the subject. */
export function createSelfSigned(hosts: readonly string[], from: Date, until: Date): { cert: string; key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const tbs = toBeSigned(hosts, publicKey, from, until);
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', tbs, privateKey)]);
  const certificate = sequence(tbs, sequence(oid(OID.ecdsaWithSha256)), der(TAG.bitString, signature));
  return {
    cert: pem('CERTIFICATE', certificate),
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}
