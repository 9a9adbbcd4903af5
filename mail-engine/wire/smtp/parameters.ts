/**
 * Parameters of MAIL and RCPT (RFC 5321 §4.1.2): SIZE (RFC 1870), BODY (RFC 6152, RFC 3030 §3), SMTPUTF8 (RFC 6531), AUTH (RFC 4954
 * §5), RET, ENVID, NOTIFY, ORCPT (RFC 3461 §4), REQUIRETLS (RFC 8689 §3), HOLDFOR, HOLDUNTIL (RFC 4865 §5). An unknown one, or one given twice, is refused.
 */
import { SmtpSyntaxError } from './syntax-error.ts';

type Body = '7BIT' | '8BITMIME' | 'BINARYMIME';

export interface MailParameters {
  size?: number;
  body?: Body;
  smtpUtf8: boolean;
  ret?: 'FULL' | 'HDRS';
  /** xtext as received. */
  envId?: string;
  requireTls: boolean;
  /** Seconds it is to wait, or until when; never both. */
  holdFor?: number;
  holdUntil?: Date;
}

export interface RcptParameters {
  /** `NEVER`, or a list in the order SUCCESS, FAILURE, DELAY. */
  notify?: string;
  /** `addr-type;xtext` as received. */
  orcpt?: string;
}

const PARAMETER = /^([A-Za-z0-9][A-Za-z0-9-]*)(?:=([^\s=\p{Cc}]+(?:=[^\s\p{Cc}]*)?))?$/u;
/** RFC 3461 §4: printable but `+` and `=`, or `+` and two upper-case hexadecimal digits. */
const XTEXT = /^(?:[!-*,-<>-~]|\+[0-9A-F]{2})*$/;
const ORCPT = /^([A-Za-z0-9-]+);(.+)$/su;
/** RFC 6533 §3: a utf-8 original recipient may also hold UTF-8 and `\x{…}`. */
const UTF8_ORCPT = /^(?:[!-*,-<>-~\u0080-\u{10ffff}]|\+[0-9A-F]{2})*$/u;
const MAX_ENVID = 100;
const MAX_ORCPT = 500;

function bad(message: string): SmtpSyntaxError {
  return new SmtpSyntaxError('5.5.4', message);
}

function splitParameters(rest: string): Map<string, string | undefined> {
  const found = new Map<string, string | undefined>();
  for (const word of rest === '' ? [] : rest.split(/ +/)) {
    const match = PARAMETER.exec(word);
    if (!match?.[1]) throw bad('Malformed parameter');
    const keyword = match[1].toUpperCase();
    if (found.has(keyword)) throw bad(`${keyword} given twice`);
    found.set(keyword, match[2]);
  }
  return found;
}

function parseSize(value: string | undefined): number {
  if (value === undefined || !/^\d{1,20}$/.test(value)) throw bad('SIZE wants a number');
  return Number(value);
}

function parseBody(value: string | undefined): Body {
  const body = value?.toUpperCase();
  if (body === '7BIT' || body === '8BITMIME' || body === 'BINARYMIME') return body;
  throw bad('BODY wants 7BIT, 8BITMIME or BINARYMIME');
}

function parseRet(value: string | undefined): 'FULL' | 'HDRS' {
  const ret = value?.toUpperCase();
  if (ret === 'FULL' || ret === 'HDRS') return ret;
  throw bad('RET wants FULL or HDRS');
}

function parseEnvId(value: string | undefined): string {
  if (value === undefined || value.length > MAX_ENVID || !XTEXT.test(value)) throw bad('ENVID wants xtext');
  return value;
}

/** RFC 4865 §4: 1 to 9 digits, the first not 0. */
function parseHoldFor(value: string | undefined): number {
  if (value === undefined || !/^[1-9]\d{0,8}$/.test(value)) throw bad('HOLDFOR wants seconds');
  return Number(value);
}

/** An Internet date and time in UTC (RFC 3339, RFC 4865 §4). */
function parseHoldUntil(value: string | undefined): Date {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/i.test(value ?? '') ? new Date(value ?? '') : undefined;
  if (time === undefined || Number.isNaN(time.getTime()))
    throw bad('HOLDUNTIL wants a time in UTC: 2030-12-24T18:00:00Z');
  return time;
}

export function parseMailParameters(rest: string): MailParameters {
  const parameters: MailParameters = { smtpUtf8: false, requireTls: false };
  for (const [keyword, value] of splitParameters(rest)) {
    if (keyword === 'SIZE') parameters.size = parseSize(value);
    else if (keyword === 'BODY') parameters.body = parseBody(value);
    else if (keyword === 'SMTPUTF8' && value === undefined) parameters.smtpUtf8 = true;
    else if (keyword === 'RET') parameters.ret = parseRet(value);
    else if (keyword === 'ENVID') parameters.envId = parseEnvId(value);
    else if (keyword === 'REQUIRETLS' && value === undefined) parameters.requireTls = true;
    else if (keyword === 'HOLDFOR') parameters.holdFor = parseHoldFor(value);
    else if (keyword === 'HOLDUNTIL') parameters.holdUntil = parseHoldUntil(value);
    // RFC 4954 §5: who submitted it first; taken note of by nobody here, as for an untrusted client.
    else if (keyword === 'AUTH' && value !== undefined && XTEXT.test(value)) continue;
    else throw new SmtpSyntaxError('5.5.4', `Parameter ${keyword} is not known`, 555);
  }
  if (parameters.holdFor !== undefined && parameters.holdUntil !== undefined)
    throw bad('HOLDFOR or HOLDUNTIL, not both');
  return parameters;
}

function parseNotify(value: string | undefined): string {
  const given = (value ?? '').toUpperCase().split(',');
  if (given.length === 1 && given[0] === 'NEVER') return 'NEVER';
  const order = ['SUCCESS', 'FAILURE', 'DELAY'];
  if (!given.every((item) => order.includes(item))) throw bad('NOTIFY wants NEVER, or SUCCESS, FAILURE, DELAY');
  return order.filter((item) => given.includes(item)).join(',');
}

function parseOrcpt(value: string | undefined): string {
  const [, type = '', address = ''] = ORCPT.exec(value ?? '') ?? [];
  const valid = type.toLowerCase() === 'utf-8' ? UTF8_ORCPT.test(address) : XTEXT.test(address);
  if (value === undefined || address === '' || !valid || Buffer.byteLength(value) > MAX_ORCPT) {
    throw bad('ORCPT wants a type and xtext');
  }
  return value;
}

export function parseRcptParameters(rest: string): RcptParameters {
  const parameters: RcptParameters = {};
  for (const [keyword, value] of splitParameters(rest)) {
    if (keyword === 'NOTIFY') parameters.notify = parseNotify(value);
    else if (keyword === 'ORCPT') parameters.orcpt = parseOrcpt(value);
    else throw new SmtpSyntaxError('5.5.4', `Parameter ${keyword} is not known`, 555);
  }
  return parameters;
}
