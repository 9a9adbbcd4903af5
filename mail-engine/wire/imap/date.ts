/** date, date-time (RFC 3501 §9) and the day of a message's Date field (RFC 5322 §3.3). */
import type { Cursor } from './cursor.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAY_MS = 86_400_000;

function monthIndex(text: string): number {
  return MONTHS.findIndex((month) => month.toLowerCase() === text.toLowerCase());
}

/** Days since 1970-01-01, undefined where the calendar has no such day. */
function dayNumber(year: number, month: number, day: number): number | undefined {
  const date = new Date(Date.UTC(2000, 0, 1));
  date.setUTCFullYear(year, month, day);
  if (month < 0 || date.getUTCMonth() !== month || date.getUTCDate() !== day) return undefined;
  return date.getTime() / DAY_MS;
}

/** `1-Feb-1994`, quoted or not: the day as days since 1970-01-01. */
export function date(cursor: Cursor): number {
  const text = cursor.peekIs('"') ? cursor.quoted() : cursor.atom();
  const match = /^(\d{1,2})-([A-Za-z]{3})-(\d{4})$/.exec(text);
  const day = match && dayNumber(Number(match[3]), monthIndex(match[2] ?? ''), Number(match[1]));
  return day ?? cursor.fail('Expected a date such as 1-Feb-2024');
}

/** `" 1-Feb-1994 21:52:25 -0800"`, always quoted. */
export function dateTime(cursor: Cursor): Date {
  const match = /^([ \d]\d)-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/.exec(cursor.quoted());
  const day = match && dayNumber(Number(match[3]), monthIndex(match[2] ?? ''), Number(match[1]));
  if (!match || day === undefined || day === null)
    return cursor.fail('Expected a date such as " 1-Feb-2024 21:52:25 -0800"');
  const [hours, minutes, seconds, zoneHours, zoneMinutes] = [4, 5, 6, 8, 9].map((group) => Number(match[group]));
  if ((hours ?? 0) > 23 || (minutes ?? 0) > 59 || (seconds ?? 0) > 60)
    return cursor.fail('There is no such time of day');
  const zone = ((zoneHours ?? 0) * 60 + (zoneMinutes ?? 0)) * (match[7] === '-' ? -1 : 1);
  const time = (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
  return new Date(day * DAY_MS + time * 1000 - zone * 60_000);
}

/** INTERNALDATE's form, in UTC, with its quotes. */
export function formatDateTime(value: Date): string {
  const day = String(value.getUTCDate()).padStart(2, ' ');
  const year = String(value.getUTCFullYear()).padStart(4, '0');
  return `"${day}-${MONTHS[value.getUTCMonth()]}-${year} ${value.toISOString().slice(11, 19)} +0000"`;
}

/** The UTC day of an instant, as days since 1970-01-01. */
export function dayOf(value: Date): number {
  return Math.floor(value.getTime() / DAY_MS);
}

/** The calendar day written in a Date field, whatever its time and zone (SENTON, RFC 9051 §6.4.4). */
export function dayOfDateField(field: string): number | undefined {
  const match = /(\d{1,2})\s+([A-Za-z]{3})[a-z]*\s+(\d{2,4})/.exec(field);
  if (!match) return undefined;
  const digits = match[3] ?? '';
  const year = Number(digits);
  // RFC 5322 §4.3: two digits below 50 are 20xx, other two or three digits count from 1900.
  const fullYear = digits.length >= 4 ? year : digits.length === 2 && year < 50 ? year + 2000 : year + 1900;
  return dayNumber(fullYear, monthIndex(match[2] ?? ''), Number(match[1]));
}
