import type { Prisma } from '../database/prisma.ts';

export interface CertificateView {
  id: string;
  /** Null for the host's own. */
  domain: { id: string; name: string } | null;
  /** The names it is shown for. */
  names: string[];
  issuer: string;
  /** SHA-256, in hexadecimal. */
  fingerprint: string;
  /** ISO 8601. */
  notBefore: string;
  notAfter: string;
  /** `soon`: it has to be renewed. */
  expiry: 'fine' | 'soon' | 'expired';
  createdAt: string;
  createdBy: string;
}

/** Authorities renew a month before the end: one that is nearer to it was forgotten. */
const SOON_MS = 21 * 86_400_000;

/** Chain and key never leave the database but for the engine. */
export const CERTIFICATE_FIELDS = {
  id: true,
  names: true,
  issuer: true,
  fingerprint: true,
  notBefore: true,
  notAfter: true,
  createdAt: true,
  createdBy: true,
  domain: { select: { id: true, name: true } },
} as const satisfies Prisma.CertificateSelect;

type CertificateRow = Prisma.CertificateGetPayload<{ select: typeof CERTIFICATE_FIELDS }>;

export function toCertificateView(row: CertificateRow, now: Date): CertificateView {
  const left = row.notAfter.getTime() - now.getTime();
  return {
    ...row,
    id: String(row.id),
    domain: row.domain && { id: String(row.domain.id), name: row.domain.name },
    notBefore: row.notBefore.toISOString(),
    notAfter: row.notAfter.toISOString(),
    createdAt: row.createdAt.toISOString(),
    expiry: left <= 0 ? 'expired' : left < SOON_MS ? 'soon' : 'fine',
  };
}
