import { listOperators } from '#server/operators/list-operators.ts';
import type { Choice } from './components/form/choice-field.tsx';
import { read } from './read.ts';
import { NONE } from './schemas/choice.ts';

/** More than anybody would pick from a list; beyond it a domain is given away from the person's own page. */
const MANY = 200;

/** The people with a role whom the actor administers, for a select; the first choice is nobody. */
export async function peopleChoices(role: 'reseller' | 'domain_owner', nobody: string): Promise<Choice[]> {
  const { rows } = await read(listOperators, { pageSize: MANY, filters: { role } });
  const people = rows.map((row) => ({ value: row.id, label: `${row.name} (${row.email})` }));
  return [{ value: NONE, label: nobody }, ...people];
}
