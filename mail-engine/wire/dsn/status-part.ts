/** The machine-readable part: message/delivery-status (RFC 3464 §2), message/global-delivery-status (RFC 6533 §4). */
import { dateTime, decodeXtext, headerField, oneLine } from './field-text.ts';
import { parseEnhancedStatus } from './status.ts';
import type { DsnAction, DsnOptions, DsnRecipient } from './types.ts';

const CLASS_OF_ACTION: Readonly<Record<DsnAction, 2 | 4 | 5>> = {
  failed: 5,
  delayed: 4,
  delivered: 2,
  relayed: 2,
  expanded: 2,
};

/** The recipient's status, its class in step with its action (RFC 3464 §2.3.4). */
export function statusOf(recipient: DsnRecipient): string {
  const statusClass = CLASS_OF_ACTION[recipient.action];
  const status = parseEnhancedStatus(recipient.status);
  return status === undefined ? `${statusClass}.0.0` : `${statusClass}.${status.subject}.${status.detail}`;
}

/** Per-message fields, then a group of fields for each recipient. */
export function statusPart(options: DsnOptions): string {
  const utf8 = options.smtpUtf8 ?? false;
  const perMessage = [
    options.envId ? headerField('Original-Envelope-Id', oneLine(decodeXtext(options.envId), utf8)) : '',
    headerField('Reporting-MTA', `dns; ${oneLine(options.reportingMta, utf8)}`),
    headerField('Arrival-Date', dateTime(options.arrival)),
  ];
  const groups = options.recipients.map((recipient) => recipientFields(recipient, utf8).join(''));
  return [perMessage.join(''), ...groups].join('\r\n');
}

function recipientFields(recipient: DsnRecipient, utf8: boolean): string[] {
  const { originalRecipient, diagnosticCode, reason, remoteMta, lastAttempt, willRetryUntil } = recipient;
  const diagnostic = diagnosticCode ? `smtp; ${oneLine(diagnosticCode, utf8)}` : undefined;
  const own = reason ? `x-mailstead; ${oneLine(reason, utf8)}` : undefined;
  return [
    originalRecipient ? headerField('Original-Recipient', originalText(originalRecipient, utf8)) : '',
    headerField('Final-Recipient', typedAddress(recipient.finalRecipient, utf8)),
    headerField('Action', recipient.action),
    headerField('Status', statusOf(recipient)),
    remoteMta ? headerField('Remote-MTA', `dns; ${oneLine(remoteMta, utf8)}`) : '',
    (diagnostic ?? own) ? headerField('Diagnostic-Code', diagnostic ?? own ?? '') : '',
    lastAttempt ? headerField('Last-Attempt-Date', dateTime(lastAttempt)) : '',
    recipient.action === 'delayed' && willRetryUntil ? headerField('Will-Retry-Until', dateTime(willRetryUntil)) : '',
  ];
}

function originalText(orcpt: string, utf8: boolean): string {
  const semicolon = orcpt.indexOf(';');
  const type = semicolon === -1 ? 'rfc822' : oneLine(orcpt.slice(0, semicolon), false).toLowerCase();
  const address = oneLine(decodeXtext(orcpt.slice(semicolon + 1)), true);
  return type === 'rfc822' || type === 'utf-8' ? typedAddress(address, utf8) : `${type}; ${oneLine(address, utf8)}`;
}

/** `rfc822` for ASCII, else `utf-8`: as it is where the part may hold UTF-8, else in utf-8-addr-xtext (RFC 6533 §3). */
function typedAddress(address: string, utf8: boolean): string {
  const line = oneLine(address, true);
  if (/^[\x20-\x7e]*$/.test(line)) return `rfc822; ${line}`;
  return `utf-8; ${utf8 ? line : escapeAddress(line)}`;
}

function escapeAddress(address: string): string {
  return address.replace(/[^\x21-\x2a\x2c-\x3c\x3e-\x5b\x5d-\x7e]/gu, (character) => {
    return `\\x{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0')}}`;
  });
}
