/**
 * ENVELOPE, BODY and BODYSTRUCTURE as FETCH sends them (RFC 9051 §7.5.2). Strings are quoted where they may be, literals
 * otherwise; a parameter value outside ASCII is given in RFC 2231's form, which is what its header had.
 */
import type { ImapAddress, ImapEnvelope, MimePart, Parameter } from './types.ts';

const EMPTY_TEXT = '"TEXT" "PLAIN" NIL NIL NIL "7BIT" 0 0';
const EMPTY_ENVELOPE = '(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)';

export function renderEnvelope(envelope: ImapEnvelope): Buffer {
  return Buffer.from(envelopeText(envelope));
}

/** BODY: the structure without extension data. */
export function renderBody(root: MimePart): Buffer {
  return Buffer.from(bodyText(root, false));
}

export function renderBodyStructure(root: MimePart): Buffer {
  return Buffer.from(bodyText(root, true));
}

function envelopeText(envelope: ImapEnvelope): string {
  const { from, sender, replyTo, to, cc, bcc } = envelope;
  const lists = [from, sender, replyTo, to, cc, bcc].map(addressesText).join(' ');
  const ids = `${nstring(envelope.inReplyTo)} ${nstring(envelope.messageId)}`;
  return `(${nstring(envelope.date)} ${nstring(envelope.subject)} ${lists} ${ids})`;
}

function addressesText(addresses: readonly ImapAddress[]): string {
  if (addresses.length === 0) return 'NIL';
  return `(${addresses.map(({ name, adl, mailbox, host }) => `(${[name, adl, mailbox, host].map(nstring).join(' ')})`).join('')})`;
}

function bodyText(part: MimePart, extended: boolean): string {
  const extension = extended ? ` ${extensionText(part)}` : '';
  if (part.type === 'multipart') return multipartText(part, extended);
  const fields = `${string(part.type.toUpperCase())} ${string(part.subtype.toUpperCase())} ${fieldsText(part)}`;
  if (part.type === 'text') return `(${fields} ${part.lines}${extension})`;
  if (part.type === 'message' && (part.subtype === 'rfc822' || part.subtype === 'global')) {
    const embedded = part.children[0];
    // One that stays closed (it is encoded) has the shape of a message all the same: clients expect its fields.
    const envelope = part.imapEnvelope === null ? EMPTY_ENVELOPE : envelopeText(part.imapEnvelope);
    const body = embedded === undefined ? `(${EMPTY_TEXT})` : bodyText(embedded, extended);
    return `(${fields} ${envelope} ${body} ${part.lines}${extension})`;
  }
  return `(${fields}${extension})`;
}

/** A multipart has at least one part in the grammar: an empty one stands for none. */
function multipartText(part: MimePart, extended: boolean): string {
  const parts = part.children.map((child) => bodyText(child, extended)).join('') || `(${EMPTY_TEXT})`;
  const subtype = string(part.subtype.toUpperCase());
  if (!extended) return `(${parts} ${subtype})`;
  return `(${parts} ${subtype} ${parametersText(part.parameters)} ${dispositionAndOnText(part)})`;
}

/** body-fields: parameters, id, description, encoding, octets. */
function fieldsText(part: MimePart): string {
  const encoding = string(part.encoding.toUpperCase());
  const octets = part.end - part.bodyStart;
  return `${parametersText(part.parameters)} ${nstring(part.id)} ${nstring(part.description)} ${encoding} ${octets}`;
}

function extensionText(part: MimePart): string {
  return `${nstring(part.md5)} ${dispositionAndOnText(part)}`;
}

function dispositionAndOnText({ disposition, languages, location }: MimePart): string {
  const shown =
    disposition === null
      ? 'NIL'
      : `(${string(disposition.type.toUpperCase())} ${parametersText(disposition.parameters)})`;
  const [first, ...more] = languages;
  const language = more.length === 0 ? nstring(first ?? null) : `(${languages.map(string).join(' ')})`;
  return `${shown} ${language} ${nstring(location)}`;
}

function parametersText(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return 'NIL';
  return `(${parameters.map(parameterText).join(' ')})`;
}

function parameterText([name, value]: Parameter): string {
  if (isPrintable(value)) return `${string(name.toUpperCase())} ${string(value)}`;
  const encoded = Array.from(Buffer.from(value), (byte) => {
    const plain = /[A-Za-z0-9._-]/.test(String.fromCharCode(byte));
    return plain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  return `${string(`${name.toUpperCase()}*`)} ${string(`utf-8''${encoded.join('')}`)}`;
}

function nstring(value: string | null): string {
  return value === null ? 'NIL' : string(value);
}

function string(value: string): string {
  if (!isPrintable(value)) return `{${Buffer.byteLength(value)}}\r\n${value}`;
  return `"${value.includes('"') || value.includes('\\') ? value.replace(/["\\]/g, '\\$&') : value}"`;
}

function isPrintable(value: string): boolean {
  return /^[\t\x20-\x7e]*$/.test(value);
}
