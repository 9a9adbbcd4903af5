/** Addresses as people type and paste them. */
import type { Person } from '#server/webmail/types.ts';

const ADDRESS = /^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;".]+$|^[^\s@<>,;"]+@localhost$/u;

function parseOne(text: string): Person | undefined {
  const named = /^"?([^"<]*?)"?\s*<([^<>]+)>$/.exec(text);
  const person = named
    ? { name: (named[1] ?? '').trim(), address: (named[2] ?? '').trim() }
    : { name: '', address: text };
  return ADDRESS.test(person.address) && person.address.length <= 320 ? person : undefined;
}

/** Splits at commas, semicolons and line ends that are not inside quotes; `rest` is what is no address. */
export function parseAddresses(text: string): { people: Person[]; rest: string } {
  const pieces = text.match(/(?:"[^"]*"|[^",;\n])+/g) ?? [];
  const people: Person[] = [];
  const rest: string[] = [];
  for (const piece of pieces.map((part) => part.trim()).filter((part) => part !== '')) {
    const person = parseOne(piece);
    if (person) people.push(person);
    else rest.push(piece);
  }
  return { people, rest: rest.join(', ') };
}

/** `more` after `people`, each address once. */
export function joinPeople(people: readonly Person[], more: readonly Person[]): Person[] {
  const known = new Set(people.map(({ address }) => address.toLowerCase()));
  return [
    ...people,
    ...more.filter(({ address }) => !known.has(address.toLowerCase()) && known.add(address.toLowerCase())),
  ];
}
