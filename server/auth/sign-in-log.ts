/**
 * One line for every sign-in, in the words of vchkpw (`vchkpw-imap: password fail ann@example.com:192.0.2.1`), so that fail2ban and
 * the scripts people have read it; the same again as fields. What the client typed is cleaned: it can neither hold a space or a
 * colon, so no login can be read as another line, another outcome or another client's address.
 */
import { type Logger, logger } from '../logger.ts';
import { addressOf } from './network.ts';

export interface SignInFacts {
  service: string;
  /** Left out where there is none (a form). */
  mechanism?: string;
  /** As typed. */
  login: string;
  peer: string;
}

const SERVICE_NAMES: Readonly<Record<string, string>> = { web: 'webmail' };

const OUTCOMES = {
  success: 'login success',
  wrong: 'password fail',
  throttled: 'too many failures',
  suspended: 'access denied',
} as const;

export type SignInOutcome = keyof typeof OUTCOMES;

const MAX_LOGIN = 128;

/** Printable ASCII without spaces, colons, quotes and what else means something in a log; `?` for the rest, `-` for nothing. */
export function cleanLogin(login: string): string {
  return login.slice(0, MAX_LOGIN).replaceAll(/[^A-Za-z0-9.@_+=~#/-]/g, '?') || '-';
}

function lineOf({ service, mechanism, login, peer }: SignInFacts, words: string, named: boolean): string {
  const by = named && mechanism !== undefined ? `(${cleanLogin(mechanism)}) ` : '';
  return `vchkpw-${SERVICE_NAMES[service] ?? service}: ${by}${words} ${cleanLogin(login)}:${addressOf(peer) ?? 'unknown'}`;
}

export interface SignInLog {
  /** `detail`: what more there is to know of the outcome, as a field. */
  signIn(facts: SignInFacts, outcome: SignInOutcome, detail?: string): void;
  banned(facts: SignInFacts, ban: { until: Date; times: number }): void;
}

export function createSignInLog(log: Logger = logger('sign-in')): SignInLog {
  const fieldsOf = ({ service, mechanism, login, peer }: SignInFacts) => ({
    service,
    mechanism,
    login: cleanLogin(login),
    peer: addressOf(peer),
  });
  return {
    signIn: (facts, outcome, detail) => {
      const line = lineOf(facts, OUTCOMES[outcome], outcome === 'success');
      log[outcome === 'success' ? 'info' : 'warn'](
        { ...fieldsOf(facts), outcome, ...(detail !== undefined && { detail }) },
        line,
      );
    },
    banned: (facts, { until, times }) => {
      const fields = { ...fieldsOf(facts), outcome: 'banned', until: until.toISOString(), times };
      log.warn(fields, lineOf(facts, 'network banned', false));
    },
  };
}
