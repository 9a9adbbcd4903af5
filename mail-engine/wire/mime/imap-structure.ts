/**
 * ENVELOPE, BODY and BODYSTRUCTURE as FETCH sends them (RFC 9051 §7.5.2). Strings are quoted where they may be, literals
 * otherwise; a parameter value outside ASCII is given in RFC 2231's form, which is what its header had. A literal counts the octets of
 * UTF-8, so that is how what is rendered here has to be encoded.
 */
import type { ImapAddress, ImapEnvelope, MimePart, Parameter } from './types.ts';

const EMPTY_TEXT = '"TEXT" "PLAIN" NIL NIL NIL "7BIT" 0 0';
const EMPTY_ENVELOPE = '(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)';

export interface BodyTexts {
  /** BODY: the structure without extension data. */
  body: string;
  bodyStructure: string;
}

const EMPTY_PART: BodyTexts = { body: `(${EMPTY_TEXT})`, bodyStructure: `(${EMPTY_TEXT})` };

export function renderEnvelope(envelope: ImapEnvelope): string {
  const { from, sender, replyTo, to, cc, bcc } = envelope;
  const author = addressesText(from);
  // Where they are missing they are the author's.
  const senderText = sender === from ? author : addressesText(sender);
  const replyToText = replyTo === from ? author : addressesText(replyTo);
  const lists = `${author} ${senderText} ${replyToText} ${addressesText(to)} ${addressesText(cc)} ${addressesText(bcc)}`;
  const ids = `${nstring(envelope.inReplyTo)} ${nstring(envelope.messageId)}`;
  return `(${nstring(envelope.date)} ${nstring(envelope.subject)} ${lists} ${ids})`;
}

function addressesText(addresses: readonly ImapAddress[]): string {
  if (addresses.length === 0) return 'NIL';
  let text = '(';
  for (const { name, adl, mailbox, host } of addresses) {
    text += `(${nstring(name)} ${nstring(adl)} ${nstring(mailbox)} ${nstring(host)})`;
  }
  return `${text})`;
}

export function renderBodies(part: MimePart): BodyTexts {
  if (part.type === 'multipart') return renderMultipart(part);
  const fields = `${string(part.type.toUpperCase())} ${string(part.subtype.toUpperCase())} ${fieldsText(part)}`;
  const extension = extensionText(part);
  if (part.type === 'message' && (part.subtype === 'rfc822' || part.subtype === 'global')) {
    // One that stays closed (it is encoded) has the shape of a message all the same: clients expect its fields.
    const envelope = part.imapEnvelope === null ? EMPTY_ENVELOPE : renderEnvelope(part.imapEnvelope);
    const [child] = part.children;
    const { body, bodyStructure } = child === undefined ? EMPTY_PART : renderBodies(child);
    return {
      body: `(${fields} ${envelope} ${body} ${part.lines})`,
      bodyStructure: `(${fields} ${envelope} ${bodyStructure} ${part.lines} ${extension})`,
    };
  }
  const basic = part.type === 'text' ? `(${fields} ${part.lines}` : `(${fields}`;
  return { body: `${basic})`, bodyStructure: `${basic} ${extension})` };
}

/** A multipart has at least one part in the grammar: an empty one stands for none. */
function renderMultipart(part: MimePart): BodyTexts {
  const parts = part.children.length === 0 ? [EMPTY_PART] : part.children.map(renderBodies);
  const subtype = string(part.subtype.toUpperCase());
  const extension = `${parametersText(part.parameters)} ${dispositionAndOnText(part)}`;
  return {
    body: `(${parts.map(({ body }) => body).join('')} ${subtype})`,
    bodyStructure: `(${parts.map(({ bodyStructure }) => bodyStructure).join('')} ${subtype} ${extension})`,
  };
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
