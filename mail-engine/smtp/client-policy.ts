/**
 * What the access rules' variables mean for an SMTP session: made once, when it begins, and never changed. Numbers are read as the
 * old programs' scan_ulong did: leading digits count, a value without any is as good as not set.
 *
 * `null` always means "the rules say nothing of it: the settings hold".
 */
import type { AccessDecision, RelayOpener } from '#server/access-rules/types.ts';

/** chkuser's variables (2.0), by which a rule tunes the recipient check for its clients. */
interface ChkuserPolicy {
  /** CHKUSER_START: `none` switches the check off, `domain` leaves it to each domain; other values are `domain` as upstream had it. */
  readonly start: 'none' | 'always' | 'domain' | null;
  /** CHKUSER_RCPTLIMIT and CHKUSER_WRONGRCPTLIMIT, per connection; 0 is no limit. */
  readonly rcptLimit: number | null;
  readonly wrongRcptLimit: number | null;
  /** CHKUSER_MBXQUOTA: a mailbox filled to this percentage takes nothing more. */
  readonly mailboxQuotaPercent: number | null;
  /** CHKUSER_IDENTIFY: a label for the log. */
  readonly identify: string | null;
  /** CHKUSER_MUSTAUTH, CHKUSER_DOUBLEBOUNCE and CHKUSER_SENDER_NOCHECK: set is on, whatever the value. */
  readonly mustAuth: boolean;
  readonly doubleBounce: boolean;
  readonly senderNoCheck: boolean;
}

export interface ClientPolicy {
  /** RELAYCLIENT: relaying is allowed, and this is appended to every recipient's address (usually nothing). */
  readonly relaySuffix: string | null;
  /** The accounts whose POP3 or IMAP sign-in opened relaying: only their own senders may, each on its account's send limits. */
  readonly relayOpeners: readonly RelayOpener[];
  /** RBLSMTPD: empty skips the block lists, anything else refuses the client with it (`-` in front: for good). */
  readonly blockText: string | null;
  /** DATABYTES; 0 is as much as can be kept. */
  readonly maxMessageBytes: number | null;
  /** TARPITCOUNT: recipients answered at once (0: all of them); TARPITDELAY, for each one after them. */
  readonly tarpitCount: number | null;
  readonly tarpitDelayMs: number | null;
  readonly chkuser: ChkuserPolicy;
  /** All other variables, as `NAME="value"` with spaces between, for the trace of the connection's messages; else null. */
  readonly recorded: string | null;
}

const KNOWN: ReadonlySet<string> = new Set([
  ...['RELAYCLIENT', 'RBLSMTPD', 'DATABYTES', 'TARPITCOUNT', 'TARPITDELAY'],
  ...['CHKUSER_START', 'CHKUSER_RCPTLIMIT', 'CHKUSER_WRONGRCPTLIMIT', 'CHKUSER_MBXQUOTA', 'CHKUSER_IDENTIFY'],
  ...['CHKUSER_MUSTAUTH', 'CHKUSER_DOUBLEBOUNCE', 'CHKUSER_SENDER_NOCHECK'],
]);

/** What the trace keeps of a connection's variables at most. */
const RECORDED_CHARS = 1_000;
const MAX_DELAY_SECONDS = 3_600;

type Variables = ReadonlyMap<string, string>;

function readNumber(variables: Variables, name: string): number | null {
  const [digits] = /^\d+/.exec(variables.get(name) ?? '') ?? [];
  return digits === undefined ? null : Math.min(Number(digits), Number.MAX_SAFE_INTEGER);
}

function readDelayMs(variables: Variables): number | null {
  const seconds = readNumber(variables, 'TARPITDELAY');
  return seconds === null ? null : Math.min(seconds, MAX_DELAY_SECONDS) * 1_000;
}

function readStart(variables: Variables): ChkuserPolicy['start'] {
  const value = variables.get('CHKUSER_START')?.toUpperCase();
  if (value === undefined) return null;
  return value === 'NONE' ? 'none' : value === 'ALWAYS' ? 'always' : 'domain';
}

function readChkuser(variables: Variables): ChkuserPolicy {
  return {
    start: readStart(variables),
    rcptLimit: readNumber(variables, 'CHKUSER_RCPTLIMIT'),
    wrongRcptLimit: readNumber(variables, 'CHKUSER_WRONGRCPTLIMIT'),
    mailboxQuotaPercent: readNumber(variables, 'CHKUSER_MBXQUOTA'),
    identify: variables.get('CHKUSER_IDENTIFY') ?? null,
    mustAuth: variables.has('CHKUSER_MUSTAUTH'),
    doubleBounce: variables.has('CHKUSER_DOUBLEBOUNCE'),
    senderNoCheck: variables.has('CHKUSER_SENDER_NOCHECK'),
  };
}

function record(variables: Variables): string | null {
  const others = [...variables].filter(([name]) => !KNOWN.has(name));
  if (others.length === 0) return null;
  const text = others.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(' ');
  return text.slice(0, RECORDED_CHARS);
}

export function readClientPolicy({ variables, openedBy }: AccessDecision): ClientPolicy {
  return {
    relaySuffix: variables.get('RELAYCLIENT') ?? null,
    relayOpeners: openedBy ?? [],
    blockText: variables.get('RBLSMTPD') ?? null,
    maxMessageBytes: readNumber(variables, 'DATABYTES'),
    tarpitCount: readNumber(variables, 'TARPITCOUNT'),
    tarpitDelayMs: readDelayMs(variables),
    chkuser: readChkuser(variables),
    recorded: record(variables),
  };
}
