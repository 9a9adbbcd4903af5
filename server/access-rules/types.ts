/** What access rules say of one connection, in the terms of tcprules(1) and tcpserver(1). */

/** The services that have rules of their own; implicit-TLS listeners share their service's. */
export type AccessService = 'smtp' | 'submission' | 'imap' | 'pop3';

export interface AccessClient {
  /** IPv4, or IPv6 in canonical form; never IPv4-mapped. */
  address: string;
  /** TCPREMOTEHOST: the name found by reverse look-up, lower-case; null where none was looked up or found. */
  hostname: string | null;
}

/** The account whose POP3 or IMAP sign-in opened relaying for a client's address. */
export interface RelayOpener {
  accountId: number;
  domainId: number;
  /** The account's own address. */
  address: string;
}

export interface AccessDecision {
  allow: boolean;
  /** The key of the rule that hit (empty for the default rule); null where no rule did, which allows. */
  rule: string | null;
  /** What the rule sets: RELAYCLIENT, RBLSMTPD, DATABYTES, TARPITCOUNT … */
  variables: ReadonlyMap<string, string>;
  /** Set where POP-before-SMTP decided in place of a rule: who opened relaying for this address. */
  openedBy?: readonly RelayOpener[];
}

/** Answers from memory: the listener asks it for every connection it accepts. */
export interface AccessPolicy {
  decide(service: AccessService, client: AccessClient): AccessDecision;
}
