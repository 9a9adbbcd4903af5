/** The engine's view of who is hosted here: answers from memory that NOTIFY `mailstead_directory` empties, misses from the database. */

import type { Soon } from '../soon.ts';

export interface DeliveryTarget {
  accountId: number;
  domainId: number;
  /** The account's own address. */
  address: string;
  quotaBytes: number;
  /** Messages it takes in an hour and in a day; null: as the settings say, 0: any number. */
  receivePerHour: number | null;
  receivePerDay: number | null;
}

/** An address that is not hosted here, with its domain in A-labels. */
export interface RemoteTarget {
  address: string;
  destination: string;
}

/** Where mail for an address ends, over all forwards. At least one of the three has something. */
export interface DeliverableRecipient {
  kind: 'deliverable';
  /** How the address itself was found. */
  by: 'name' | 'extension' | 'catch-all' | 'postmaster';
  /** Accounts that get it in a folder. */
  targets: readonly DeliveryTarget[];
  /** Addresses elsewhere that forwards lead to. */
  remotes: readonly RemoteTarget[];
  /** Responders that answer it: ids of their addresses. */
  responderIds: readonly number[];
}

export type RecipientResolution =
  /** The domain is not hosted here: relaying. */
  | { kind: 'not-hosted' }
  /** Hosted, but no such address. */
  | { kind: 'unknown' }
  /** The domain or every target account is suspended. */
  | { kind: 'suspended' }
  /** Every target is full for even an empty message, and there is nowhere else to go. */
  | { kind: 'over-quota' }
  /** A forward that leads to itself, or to more addresses than are followed. */
  | { kind: 'circular' }
  | DeliverableRecipient;

export interface Directory {
  /**
   * `address` as in RCPT without brackets; local part compared case-insensitively, the domain by its A-labels. In this order: the
   * address itself (account, alias, forward, responder), what it is an extension of, the domain's catch-all; for postmaster, who
   * stands in for it. A mailbox counts as full at `fullAtPercent` of its quota (100). At once where all of it is known.
   */
  resolveRecipient(address: string, fullAtPercent?: number): Soon<RecipientResolution>;
  /** True for a hosted domain that is not deleted, suspended ones included. */
  isHosted(domain: string): Promise<boolean>;
  /** True for postmaster at this host's own name while the settings name who gets its mail: delivered here, hosted or not. */
  isHostPostmaster(address: string): boolean;
  /**
   * True where `address`, or what it is an extension of, leads straight to the account (its own address, its aliases), and where the
   * account was granted it (`send_as_grant`).
   */
  maySendAs(accountId: number, address: string): Promise<boolean>;
  close(): Promise<void>;
}

type AuthService = 'imap' | 'pop3' | 'submission' | 'web';

/** What a sign-in rests on: when it is no longer so, the session has no right to go on. */
export type SignInProof =
  /** The password of this version (`account.credentials_version`). */
  | { kind: 'password'; credentialsVersion: number }
  /** The web session the token was made for. */
  | { kind: 'token'; sessionId: string }
  /** The app password, used from `peer`. */
  | { kind: 'app-password'; appPasswordId: number; peer: string };

export interface AuthenticatedAccount {
  accountId: number;
  domainId: number;
  address: string;
  /** Left out: the session rests on the account alone. */
  proof?: SignInProof;
}

/** `throttled` answers before the password is looked at, `wrong` never says which half was wrong. */
export type AuthenticationResult =
  | { ok: true; account: AuthenticatedAccount }
  | { ok: false; reason: 'wrong' | 'throttled' | 'suspended' | 'expired' };

/** What every sign-in tells of itself, for throttling and the log. */
export interface SignInAttempt {
  service: AuthService;
  /** `PLAIN`, `SCRAM-SHA-256`, …; the protocol's own command (`LOGIN`, `USER`) where there is no SASL. */
  mechanism: string;
  /** The client's address. */
  peer: string;
}

export interface PasswordAttempt extends SignInAttempt {
  login: string;
  password: string;
}

/** An exchange of SCRAM (RFC 5802) from the server's first message on. */
export interface ScramExchange {
  salt: Buffer;
  iterations: number;
  /** Judges the client's proof, once. The signature proves the server to the client; null where the client may not sign in. */
  judge(authMessage: string, proof: Buffer): Promise<{ result: AuthenticationResult; serverSignature: Buffer | null }>;
  /** Ends the exchange: one that came to no judgement counts as a failure. */
  close(): Promise<void>;
}

export interface CramMd5Attempt extends SignInAttempt {
  login: string;
  challenge: Buffer;
  /** Lower-case hexadecimal. */
  digest: string;
}

/** What the protocol services get for signing people in; implemented in `server/auth`. */
export interface Authenticator {
  /** PLAIN, LOGIN, IMAP LOGIN, POP3 USER and PASS. */
  checkPassword(attempt: PasswordAttempt): Promise<AuthenticationResult>;
  /** OAUTHBEARER (RFC 7628): a short-lived token made by `issueAccessToken` for a web session that is still valid. */
  checkToken(attempt: SignInAttempt & { token: string }): Promise<AuthenticationResult>;
  /** CRAM-MD5 (RFC 2195): right only where a key for it is kept. */
  checkCramMd5(attempt: CramMd5Attempt): Promise<AuthenticationResult>;
  /** SCRAM-SHA-256: a name that is not here gets a salt too, the same one every time. */
  openScram(attempt: SignInAttempt & { login: string }): Promise<ScramExchange | 'throttled'>;
}
