/** Certificates as authorities make them, by OpenSSL. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestCertificate {
  chain: string;
  key: string;
}

interface Options {
  days?: number;
  /** Arguments of `openssl req` that say which key. */
  newKey?: readonly string[];
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
const made = new Map<string, TestCertificate>();

/** Self-signed for `names`; the same one for the same arguments. */
export function certificateFor(names: readonly string[], { days = 90, newKey = EC }: Options = {}): TestCertificate {
  const id = JSON.stringify([names, days, newKey]);
  const known = made.get(id);
  if (known) return known;
  const dir = mkdtempSync(join(tmpdir(), 'mailstead-certificates-'));
  const [chainFile, keyFile] = [join(dir, 'chain.pem'), join(dir, 'key.pem')];
  const subject = ['-subj', `/CN=${names[0] ?? 'nobody'}`];
  const alternatives =
    names.length > 0 ? ['-addext', `subjectAltName=${names.map((name) => `DNS:${name}`).join()}`] : [];
  const files = ['-out', chainFile, '-keyout', keyFile];
  const args = ['req', '-x509', '-nodes', '-days', String(days), ...subject, ...alternatives, ...newKey, ...files];
  execFileSync('openssl', args, { stdio: 'ignore' });
  const certificate = { chain: readFileSync(chainFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
  rmSync(dir, { recursive: true });
  made.set(id, certificate);
  return certificate;
}
