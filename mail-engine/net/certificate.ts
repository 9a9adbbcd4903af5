/** The self-signed certificate of a first start, so that TLS is never off; an admin replaces the files and sends SIGHUP. */
import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createSelfSigned } from './self-signed.ts';
import type { CertificateFiles } from './tls-provider.ts';

/** No authority renews it and clients pin it when the user accepts it, so it outlives the installation's first years. */
const VALID_YEARS = 10;

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function expiry(now: Date): Date {
  const until = new Date(now);
  until.setUTCFullYear(until.getUTCFullYear() + VALID_YEARS);
  return until;
}

/**
 * Makes certificate and key (EC P-256; the key readable by its owner only) where both are missing; true where it did.
 * One without the other is somebody's mistake and refused: a key is never overwritten.
 */
export async function ensureCertificate(files: CertificateFiles & { hostname: string; now?: Date }): Promise<boolean> {
  const [cert, key] = await Promise.all([exists(files.certFile), exists(files.keyFile)]);
  if (cert && key) return false;
  if (cert !== key) throw new Error(`${cert ? files.keyFile : files.certFile} is missing beside its counterpart`);
  const now = files.now ?? new Date();
  const hosts = [...new Set([files.hostname, 'localhost', '127.0.0.1', '::1'])];
  const made = createSelfSigned(hosts, now, expiry(now));
  await mkdir(dirname(files.certFile), { recursive: true });
  await mkdir(dirname(files.keyFile), { recursive: true });
  await writeFile(files.keyFile, made.key, { mode: 0o600, flag: 'wx' });
  await writeFile(files.certFile, made.cert, { flag: 'wx' });
  return true;
}
