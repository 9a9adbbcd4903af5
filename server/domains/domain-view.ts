import { domainToUnicode } from 'node:url';
import { Prisma } from '../database/prisma.ts';
import { samePeopleSql } from './same-people.ts';

/** A domain as results carry it: ids are decimal strings, sizes bytes, times ISO 8601. */
export interface DomainView {
  id: string;
  /** A-labels, as mail uses it. */
  name: string;
  /** As people write it; the same as `name` for plain ASCII. */
  displayName: string;
  owner: { id: string; email: string } | null;
  reseller: { id: string; email: string } | null;
  /** Mailboxes that are not deleted, and what they hold together. */
  accounts: number;
  usedBytes: number;
  /** Null means unlimited. */
  maxAccounts: number | null;
  /** Quota of new mailboxes; 0 means unlimited. */
  defaultQuotaBytes: number;
  /** The mailbox that takes what no address takes; null: it is refused. */
  catchAll: { id: string; address: string } | null;
  /** A sign-in to POP3 or IMAP opens relaying for its address. */
  popBeforeSmtp: boolean;
  suspendedAt: string | null;
  createdAt: string;
}

/** What `DOMAIN_COLUMNS` selects. */
export interface DomainRow {
  id: bigint;
  name: string;
  owner_id: bigint | null;
  owner_email: string | null;
  reseller_id: bigint | null;
  reseller_email: string | null;
  accounts: bigint;
  used_bytes: bigint;
  max_accounts: number | null;
  default_quota_bytes: bigint;
  catch_all_id: bigint | null;
  catch_all_address: string | null;
  pop_before_smtp: boolean;
  suspended_at: Date | null;
  created_at: Date;
}

/** Columns of `DomainRow`, to select from `DOMAIN_TABLES`. */
export const DOMAIN_COLUMNS = Prisma.sql`d.id, d.name, d.owner_id, o.email AS owner_email, d.reseller_id, r.email AS reseller_email,
  s.accounts, s.used_bytes, d.max_accounts, d.default_quota_bytes, ca.id AS catch_all_id, ca.address AS catch_all_address,
  d.pop_before_smtp, d.suspended_at, d.created_at`;

/** Sums come by `account_domain_id_idx`, domain by domain: a tenant with two domains never pays for the others. */
export const DOMAIN_TABLES = Prisma.sql`domain d
  LEFT JOIN operator o ON o.id = d.owner_id
  LEFT JOIN operator r ON r.id = d.reseller_id
  LEFT JOIN account ca ON ca.id = d.catch_all_account_id AND ca.deleted_at IS NULL AND EXISTS (
    SELECT FROM domain own WHERE own.id = ca.domain_id AND ${Prisma.raw(samePeopleSql('own', 'd'))})
  CROSS JOIN LATERAL (
    SELECT count(*) AS accounts, coalesce(sum(u.size_bytes), 0)::bigint AS used_bytes
    FROM account a LEFT JOIN account_usage u ON u.account_id = a.id
    WHERE a.domain_id = d.id AND a.deleted_at IS NULL) s`;

function person(id: bigint | null, email: string | null): { id: string; email: string } | null {
  return id === null ? null : { id: String(id), email: email ?? '' };
}

export function toDomainView(row: DomainRow): DomainView {
  return {
    id: String(row.id),
    name: row.name,
    displayName: domainToUnicode(row.name) || row.name,
    owner: person(row.owner_id, row.owner_email),
    reseller: person(row.reseller_id, row.reseller_email),
    accounts: Number(row.accounts),
    usedBytes: Number(row.used_bytes),
    maxAccounts: row.max_accounts,
    defaultQuotaBytes: Number(row.default_quota_bytes),
    catchAll: row.catch_all_id === null ? null : { id: String(row.catch_all_id), address: row.catch_all_address ?? '' },
    popBeforeSmtp: row.pop_before_smtp,
    suspendedAt: row.suspended_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
  };
}
