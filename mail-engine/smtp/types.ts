/** What the SMTP services need, and what a session knows. */
import type { Intake, IntakeRecipient } from '#engine/intake/types.ts';
import type { Connection } from '#engine/net/types.ts';
import type { Clock } from '#engine/queue/clock.ts';
import type { SignInSettings } from '#engine/sasl/types.ts';
import type { MailParameters } from '#engine/wire/smtp/parameters.ts';
import type { LiveAccessPolicy } from '#server/access-rules/policy/create-access-policy.ts';
import type { AccountWatch } from '#server/auth/account-watch.ts';
import type { AuthenticatedAccount, Authenticator, Directory } from '#server/directory/types.ts';
import type { SendGate } from '#server/send-limits/create-send-gate.ts';
import type { Soon } from '#server/soon.ts';
import type { BlockLists } from './block-list/create-block-lists.ts';
import type { ClientPolicy } from './client-policy.ts';
import type { IncomingMessage } from './message/incoming-message.ts';
import type { RecipientCheck } from './recipient-check/create-recipient-check.ts';
import type { SessionCount } from './recipient-check/session-count.ts';
import type { Reply } from './reply.ts';

/**
 * `mx` takes mail for us from anybody; `submission` takes mail for anybody from our users (RFC 6409); `lmtp` takes mail for us from a
 * mail server of our own and answers for each recipient (RFC 2033).
 */
export type SmtpRole = 'mx' | 'submission' | 'lmtp';

/** Settings an admin may change while sessions are open: asked for at every use. */
export interface SmtpSettings {
  maxMessageBytes: number;
  maxRecipients: number;
  /** How long a submission may ask to wait at most (RFC 4865); 0: FUTURERELEASE is not offered. */
  futureReleaseSeconds: number;
  /** From and Sender of a submission must be the account's own, or granted to it. */
  checksFrom: boolean;
}

export interface SmtpLimits {
  /** Longest command line, its end included; AUTH responses may need 12288 (RFC 4954 §4). */
  commandBytes: number;
  /** Longest line of a message; see `wire/smtp/data-decoder.ts`. */
  dataLineBytes: number;
  /** Bytes of a message already refused that are still read to find its end. */
  drainBytes: number;
  /** RFC 5321 §4.5.3.2.7 and §4.5.3.2.5. */
  commandTimeoutMs: number;
  dataTimeoutMs: number;
  /** All of one message, however it drips in. */
  messageTimeoutMs: number;
  /** On submission: from the greeting to sign-in, whatever is said meanwhile. */
  signInTotalMs: number;
  /** On MX: from the greeting, or the end of a message, to the beginning of the next, whatever is said meanwhile. */
  messageGapMs: number;
  /** Refused commands and failed sign-ins a session may have; unknown recipients have a limit of their own. */
  errors: number;
  failedLogins: number;
  /** Transactions of a session, announced as MAILMAX (RFC 9422 §4.1). */
  mails: number;
}

export const SMTP_LIMITS: SmtpLimits = {
  commandBytes: 12_288,
  dataLineBytes: 64 * 1024,
  drainBytes: 64 * 1024 * 1024,
  commandTimeoutMs: 300_000,
  dataTimeoutMs: 180_000,
  messageTimeoutMs: 3_600_000,
  signInTotalMs: 120_000,
  messageGapMs: 600_000,
  errors: 20,
  failedLogins: 3,
  mails: 10_000,
};

export interface SmtpDeps {
  hostname: string;
  intake: Intake;
  directory: Directory;
  authenticator: Authenticator;
  accountWatch: AccountWatch;
  recipientCheck: RecipientCheck;
  /** DNS lists, asked about clients of `mx`; nobody is where it is left out. */
  blockLists?: BlockLists;
  /** Whether an account's sign-in still holds relaying open; what a connection began with holds where it is left out. */
  relayOpenings?: Pick<LiveAccessPolicy, 'openUntil'>;
  /** Send limits of our own accounts. */
  sendGate: SendGate;
  settings: () => SmtpSettings;
  signInSettings: () => SignInSettings;
  now: () => Date;
  /** What deliberate delays wait by; the system's where left out. */
  timers?: Pick<Clock, 'setTimer'>;
  /** Overrides of `SMTP_LIMITS`. */
  limits?: Partial<SmtpLimits>;
}

/** Why mail is taken for domains that are not ours: who sends it signed in, an access rule trusts the client, or an account opened it. */
export type RelayRight = { by: 'sign-in' } | { by: 'rule' } | { by: 'opening'; accountId: number };

/** One mail transaction (RFC 5321 §3.3): from MAIL until it is accepted, refused or reset. */
export interface MailTransaction {
  /** Empty for the null reverse-path. */
  sender: string;
  parameters: MailParameters;
  recipients: IntakeRecipient[];
  /** Accounts and remote addresses among them, so that one named twice gets one copy. */
  known: Set<string>;
  /** Forward-paths accepted, and the first of them. */
  accepted: number;
  firstRecipient: string;
  /** What each accepted RCPT led to, in order: an LMTP client is answered for each. */
  paths: (readonly IntakeRecipient[])[];
  /** By which right recipients that are not ours were taken, the last of them; null where there are none. */
  relaying: RelayRight | null;
  /** FUTURERELEASE: when it may leave. */
  notBefore: Date | null;
  /** Set once BDAT has begun. */
  incoming: IncomingMessage | null;
}

/** start: no EHLO yet; ready: no transaction; mail: a sender; rcpt: a recipient too; chunks: BDAT has begun. */
export type SmtpState = 'start' | 'ready' | 'mail' | 'rcpt' | 'chunks';

export interface SmtpSession {
  readonly connection: Connection;
  readonly role: SmtpRole;
  readonly deps: SmtpDeps;
  readonly limits: SmtpLimits;
  /** What the access rules' variables mean for this client. */
  readonly client: ClientPolicy;
  /** The reply to all mail of a client that is refused; null for one that is not; a promise until that is known. */
  block: Promise<Reply | null> | Reply | null;
  helo: { name: string; extended: boolean } | null;
  account: AuthenticatedAccount | null;
  /** Set with it: leaves the watch over the account. */
  leaveWatch: (() => void) | null;
  transaction: MailTransaction | null;
  /** The greeting or the end of the last message, and the time held back since, in ms of the epoch: what the total times are counted from. */
  quietSince: number;
  messages: number;
  /** Transactions begun. */
  mails: number;
  errors: number;
  /** Recipients it has named, over all its messages. */
  readonly recipientCount: SessionCount;
  failedLogins: number;
}

/** A command as the session loop sees it; the loop enforces the flags. */
export interface SmtpCommand {
  name: string;
  states: readonly SmtpState[];
  /** On submission: refused until the client has signed in. */
  needsAuth: boolean;
  /** Parses everything before anything acts. Throws or rejects with what `serve-session.ts` turns into a reply. */
  execute: (session: SmtpSession, argument: string) => Soon<Reply>;
}

interface CommandDefinition<Arguments> {
  name: string;
  states: readonly SmtpState[];
  needsAuth?: boolean;
  parse: (argument: string, session: SmtpSession) => Arguments;
  run: (session: SmtpSession, parsed: Arguments) => Soon<Reply>;
}

export function defineCommand<Arguments>(definition: CommandDefinition<Arguments>): SmtpCommand {
  const { name, states, needsAuth = false, parse, run } = definition;
  return {
    name,
    states,
    needsAuth,
    execute: (session, argument) => run(session, parse(argument, session)),
  };
}

export const EVERY_STATE: readonly SmtpState[] = ['start', 'ready', 'mail', 'rcpt', 'chunks'];
