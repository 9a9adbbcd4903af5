/**
 * MAIL and RCPT lines with the parameters a server offers (RFC 5321 §4.1.1.2, §4.1.1.3; RFC 1870, 3461, 6152, 6531, 8689).
 * Addresses come from our own database, but once came from a stranger: one with a control character is refused here, so that
 * nothing can add a command of its own.
 */
import type { ServerExtensions } from '#engine/wire/smtp/ehlo-reply.ts';

export interface TransactionRecipient {
  address: string;
  notify: string | null;
  orcpt: string | null;
}

export interface MailParameters {
  sender: string;
  sizeBytes: number;
  eightBit: boolean;
  smtpUtf8: boolean;
  /** Never sent but over verified TLS to a server that offers REQUIRETLS (RFC 8689 §4.2.1). */
  requireTls: boolean;
  envId: string | null;
  ret: string | null;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not pass
const CONTROL = /[\x00-\x1f\x7f]/;
/** What a parameter's value may consist of (RFC 5321 §4.1.2 esmtp-value, widened by RFC 6531 §3.3). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not pass
const ESMTP_VALUE = /^[^=\x00-\x20\x7f]+$/;

/** True where the address can stand in a command. */
export function isSendable(address: string): boolean {
  return !CONTROL.test(address);
}

function parameter(name: string, value: string | null): string {
  return value !== null && ESMTP_VALUE.test(value) ? ` ${name}=${value}` : '';
}

export function formatMail(mail: MailParameters, extensions: ServerExtensions): string {
  const size = extensions.maxSizeBytes === null ? '' : ` SIZE=${mail.sizeBytes}`;
  const body = mail.eightBit && extensions.eightBitMime ? ' BODY=8BITMIME' : '';
  const utf8 = mail.smtpUtf8 && extensions.smtpUtf8 ? ' SMTPUTF8' : '';
  const dsn = extensions.dsn ? parameter('RET', mail.ret) + parameter('ENVID', mail.envId) : '';
  return `MAIL FROM:<${mail.sender}>${size}${body}${utf8}${dsn}${mail.requireTls ? ' REQUIRETLS' : ''}`;
}

export function formatRcpt(recipient: TransactionRecipient, extensions: ServerExtensions): string {
  const dsn = extensions.dsn ? parameter('NOTIFY', recipient.notify) + parameter('ORCPT', recipient.orcpt) : '';
  return `RCPT TO:<${recipient.address}>${dsn}`;
}
