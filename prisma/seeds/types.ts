/** What the seeds are made of: plain data that tests and the demo put into the system through its own operations. */

export interface DemoOperator {
  email: string;
  name: string;
  role: 'admin' | 'reseller' | 'domain_owner';
  /** E-mail of the reseller a domain owner belongs to. */
  reseller?: string;
  maxDomains?: number;
  maxAccounts?: number;
}

export interface DemoDomain {
  /** Reserved for examples (RFC 2606). */
  name: string;
  owner?: string;
  reseller?: string;
  defaultQuotaBytes: number;
}

export interface DemoAccount {
  address: string;
  displayName: string;
  quotaBytes: number;
  /** Further local parts of the same domain that deliver here. */
  aliases: readonly string[];
  /** How much mail it has: a few hundred messages, or a few dozen. */
  mail: 'busy' | 'quiet';
}

export type DemoFlag = 'seen' | 'answered' | 'flagged' | 'draft';

export interface DemoMessage {
  /** RFC 5322, CRLF lines. */
  bytes: Buffer;
  date: Date;
  /** INBOX, a special-use folder by its usual name, or a folder of the owner's own. */
  folder: string;
  flags: readonly DemoFlag[];
}

export interface Person {
  name: string;
  address: string;
}
