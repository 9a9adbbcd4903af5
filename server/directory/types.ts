/** The engine's view of who is hosted here: answers from memory that NOTIFY `mailstead_directory` empties, misses from the database. */

export interface DeliveryTarget {
  accountId: number;
  domainId: number;
  /** The account's own address. */
  address: string;
  quotaBytes: number;
}

export type RecipientResolution =
  /** The domain is not hosted here: relaying. */
  | { kind: 'not-hosted' }
  /** Hosted, but no such address. */
  | { kind: 'unknown' }
  /** The domain or every target account is suspended. */
  | { kind: 'suspended' }
  /** Every target is full for even an empty message. */
  | { kind: 'over-quota' }
  | { kind: 'accounts'; targets: readonly DeliveryTarget[] };

export interface Directory {
  /** `address` as in RCPT without brackets; local part compared case-insensitively, the domain by its A-labels. */
  resolveRecipient(address: string): Promise<RecipientResolution>;
  /** True for a hosted domain that is not deleted, suspended ones included. */
  isHosted(domain: string): Promise<boolean>;
  /** True where `address` is the account's own or one of its aliases. */
  ownsAddress(accountId: number, address: string): Promise<boolean>;
  close(): Promise<void>;
}

type AuthService = 'imap' | 'pop3' | 'submission' | 'web';

/** What a sign-in rests on: when it is no longer so, the session has no right to go on. */
export type SignInProof =
  /** The password of this version (`account.credentials_version`). */
  | { kind: 'password'; credentialsVersion: number }
  /** The web session the token was made for. */
  | { kind: 'token'; sessionId: string };

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

/** What the protocol services get for signing people in; implemented in `server/auth`. */
export interface Authenticator {
  /** PLAIN, LOGIN, IMAP LOGIN, POP3 USER and PASS. */
  checkPassword(attempt: PasswordAttempt): Promise<AuthenticationResult>;
  /** OAUTHBEARER (RFC 7628): a short-lived token made by `issueAccessToken` for a web session that is still valid. */
  checkToken(attempt: SignInAttempt & { token: string }): Promise<AuthenticationResult>;
}
