/**
 * The text of rules out of a compiled `tcp.smtp.cdb`, for servers whose text is lost: compiled again, it gives the same records.
 * Ranges stay the single addresses they became. What cannot be written as a rule (and never hit anything) becomes a comment.
 */
import { readCdb } from '../../maps/cdb/read-cdb.ts';

const QUOTES = [...'"\'/|~^!%+*;', ...'0123456789'];

function isExpandable(key: string): boolean {
  return key.includes('-') && !/[=@]/.test(key);
}

function quote(value: string): string | undefined {
  const mark = QUOTES.find((each) => !value.includes(each));
  return mark && `${mark}${value}${mark}`;
}

function toLine(key: string, data: string): string | undefined {
  const items = data.split('\0').slice(0, -1);
  const variables = items.flatMap((item) => {
    if (!item.startsWith('+')) return [];
    const equals = item.indexOf('=');
    const value = quote(item.slice(equals + 1));
    return [equals < 0 || value === undefined ? undefined : `${item.slice(1, equals)}=${value}`];
  });
  if (/[:\n#]/.test(key) || isExpandable(key) || variables.includes(undefined) || data.includes('\n')) return undefined;
  return [`${key}:${items.some((item) => item.startsWith('D')) ? 'deny' : 'allow'}`, ...variables].join(',');
}

/** Throws RangeError for what is no cdb. */
export function cdbToRules(file: Buffer): string {
  const lines = readCdb(file).map(({ key, data }) => {
    const name = Buffer.from(key).toString();
    return toLine(name, Buffer.from(data).toString()) ?? `# left out: ${JSON.stringify(name)}`;
  });
  return `${lines.join('\n')}\n`;
}
