/** What a server offers in its reply to EHLO (RFC 5321 §4.1.1.1), as far as our client makes use of it. */
import type { SmtpReply } from './reply.ts';

export interface ServerExtensions {
  startTls: boolean;
  pipelining: boolean;
  eightBitMime: boolean;
  smtpUtf8: boolean;
  dsn: boolean;
  chunking: boolean;
  requireTls: boolean;
  /** Largest message it takes, bytes (RFC 1870 §3); null where it says nothing, or no limit. */
  maxSizeBytes: number | null;
  /** LIMITS RCPTMAX and MAILMAX (RFC 9422 §4). */
  maxRecipients: number | null;
  maxMessages: number | null;
}

export const NO_EXTENSIONS: ServerExtensions = {
  startTls: false,
  pipelining: false,
  eightBitMime: false,
  smtpUtf8: false,
  dsn: false,
  chunking: false,
  requireTls: false,
  maxSizeBytes: null,
  maxRecipients: null,
  maxMessages: null,
};

function readPositive(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return null;
  const value = Number(text);
  return value > 0 ? value : null;
}

function readLimits(parameters: readonly string[]): Map<string, number | null> {
  return new Map(
    parameters.map((parameter) => {
      const [name = '', value] = parameter.split('=', 2);
      return [name.toUpperCase(), readPositive(value)];
    }),
  );
}

/** Lines after the greeting are keywords with parameters; what is unknown or malformed is passed over. */
export function parseEhloReply(reply: SmtpReply): ServerExtensions {
  const offers = new Map<string, string[]>();
  for (const line of reply.lines.slice(1)) {
    const [keyword = '', ...parameters] = line.split(/[ \t]+/);
    offers.set(keyword.toUpperCase(), parameters);
  }
  const limits = readLimits(offers.get('LIMITS') ?? []);
  return {
    startTls: offers.has('STARTTLS'),
    pipelining: offers.has('PIPELINING'),
    eightBitMime: offers.has('8BITMIME'),
    smtpUtf8: offers.has('SMTPUTF8'),
    dsn: offers.has('DSN'),
    chunking: offers.has('CHUNKING'),
    requireTls: offers.has('REQUIRETLS'),
    maxSizeBytes: readPositive(offers.get('SIZE')?.[0]),
    maxRecipients: limits.get('RCPTMAX') ?? null,
    maxMessages: limits.get('MAILMAX') ?? null,
  };
}
