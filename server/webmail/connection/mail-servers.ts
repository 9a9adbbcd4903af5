/**
 * Where webmail finds IMAP and submission, and how it knows they are the right ones. TLS is never optional: implicit on 993
 * and 465, STARTTLS elsewhere. On loopback the server must show the very certificate in `tls.certFile` (self-signed or not);
 * anywhere else it must hold a certificate for its name that the system trusts.
 */
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ConnectionOptions, PeerCertificate } from 'node:tls';
import type { Config } from '../../config.ts';

export interface MailServer {
  host: string;
  port: number;
  /** TLS from the first byte; STARTTLS is required otherwise. */
  implicitTls: boolean;
  /** Read anew for each connection, so that a renewed certificate is taken without a restart. */
  tlsOptions: () => Promise<ConnectionOptions>;
}

export interface MailServers {
  imap: MailServer;
  submission: MailServer;
}

const IMPLICIT_TLS_PORTS = new Set([993, 465]);
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/;

async function pinnedOptions(certFile: string): Promise<ConnectionOptions> {
  const pem = await readFile(certFile, 'utf8');
  const expected = new X509Certificate(pem).fingerprint256;
  return {
    ca: [pem],
    // The file holds a leaf, not a root: trust ends there.
    allowPartialTrustChain: true,
    checkServerIdentity: (_host: string, certificate: PeerCertificate) =>
      certificate.fingerprint256 === expected ? undefined : new Error('not the certificate of this installation'),
  };
}

function toServer(host: string, port: number, certFile: string): MailServer {
  return {
    host,
    port,
    implicitTls: IMPLICIT_TLS_PORTS.has(port),
    tlsOptions: LOOPBACK.test(host) ? () => pinnedOptions(certFile) : async () => ({}),
  };
}

function parseEndpoint(text: string): [host: string, port: number] {
  const at = text.lastIndexOf(':');
  return [text.slice(0, at), Number(text.slice(at + 1))];
}

/** `webmail.imap` and `webmail.submission` of the configuration, else this machine's own listeners. */
export function findMailServers(config: Config): MailServers {
  const { certFile } = config.tls;
  const own = (service: 'imap' | 'submission', standard: number): [string, number] => {
    const port = config.ports[service];
    return ['127.0.0.1', typeof port === 'number' && port !== 0 ? port : standard];
  };
  const [imapHost, imapPort] = config.webmail.imap ? parseEndpoint(config.webmail.imap) : own('imap', 143);
  const [host, port] = config.webmail.submission ? parseEndpoint(config.webmail.submission) : own('submission', 587);
  return { imap: toServer(imapHost, imapPort, certFile), submission: toServer(host, port, certFile) };
}
