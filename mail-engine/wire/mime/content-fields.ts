/** What an entity's header says of its content (RFC 2045 §5, RFC 2183), with the defaults for what it leaves out or gets wrong. */
import { parseParameterised } from './parameters.ts';
import type { MimePart, Parameter } from './types.ts';

export type ContentFields = Pick<
  MimePart,
  | 'type'
  | 'subtype'
  | 'parameters'
  | 'encoding'
  | 'id'
  | 'description'
  | 'md5'
  | 'disposition'
  | 'languages'
  | 'location'
>;

const MAX_LANGUAGES = 32;
const TOKEN = /^[!#$%&'*+\-.0-9A-Z^_`a-z{|}~]{1,127}$/;

/** `inDigest`: the entity is a body part of multipart/digest, whose default is message/rfc822 (RFC 2046 §5.1.5). */
export function readContentFields(values: ReadonlyMap<string, string>, inDigest: boolean): ContentFields {
  return {
    ...readType(values.get('content-type'), inDigest),
    encoding: readEncoding(values.get('content-transfer-encoding')),
    id: values.get('content-id') || null,
    description: values.get('content-description') || null,
    md5: values.get('content-md5') || null,
    disposition: readDisposition(values.get('content-disposition')),
    languages: readLanguages(values.get('content-language')),
    location: values.get('content-location')?.replace(/\s+/g, '') || null,
  };
}

function readType(field: string | undefined, inDigest: boolean): Pick<MimePart, 'type' | 'subtype' | 'parameters'> {
  if (field === undefined || field === '') {
    return inDigest
      ? { type: 'message', subtype: 'rfc822', parameters: [] }
      : { type: 'text', subtype: 'plain', parameters: [] };
  }
  const { value, parameters } = parseParameterised(field);
  const slash = value.indexOf('/');
  const type = slash === -1 ? value : value.slice(0, slash);
  const subtype = slash === -1 ? '' : value.slice(slash + 1);
  if (TOKEN.test(type) && TOKEN.test(subtype)) return { type, subtype, parameters };
  return completeType(type, parameters);
}

/** A type without a usable subtype; anything else invalid is plain text (RFC 2045 §5.2). */
function completeType(type: string, parameters: Parameter[]): Pick<MimePart, 'type' | 'subtype' | 'parameters'> {
  if (type === 'multipart') return { type, subtype: 'mixed', parameters };
  if (['application', 'image', 'audio', 'video', 'message'].includes(type)) {
    return { type: 'application', subtype: 'octet-stream', parameters };
  }
  return { type: 'text', subtype: 'plain', parameters };
}

function readEncoding(field: string | undefined): string {
  if (field === undefined) return '7bit';
  const token = parseParameterised(field).value;
  return TOKEN.test(token) ? token : '7bit';
}

function readDisposition(field: string | undefined): MimePart['disposition'] {
  if (field === undefined) return null;
  const { value, parameters } = parseParameterised(field);
  if (TOKEN.test(value)) return { type: value, parameters };
  // RFC 2183 §2.8: what is not understood is treated as an attachment.
  return parameters.length > 0 ? { type: 'attachment', parameters } : null;
}

function readLanguages(field: string | undefined): string[] {
  if (field === undefined) return [];
  const tags = field.split(',').map((tag) => tag.trim());
  return tags.filter((tag) => TOKEN.test(tag)).slice(0, MAX_LANGUAGES);
}
