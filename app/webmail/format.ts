/** How webmail writes people and times. */
import type { Person } from '#server/webmail/types.ts';

const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const FULL_DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });
const FULL = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });

/** Today the time, this year the day, else the date. */
export function formatListDate(iso: string, now: Date): string {
  const date = new Date(iso);
  if (date.toDateString() === now.toDateString()) return TIME.format(date);
  return (date.getFullYear() === now.getFullYear() ? DAY : FULL_DAY).format(date);
}

export function formatFullDate(iso: string): string {
  return FULL.format(new Date(iso));
}

export function personName(person: Person | undefined): string {
  return person?.name || person?.address || '(unknown sender)';
}

export function formatPerson({ name, address }: Person): string {
  return name === '' ? address : `${name} <${address}>`;
}

export function listNames(people: readonly Person[], most = 3): string {
  const names = people.slice(0, most).map((person) => personName(person));
  const more = people.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}
