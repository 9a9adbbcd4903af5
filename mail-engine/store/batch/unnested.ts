/**
 * Rows out of arrays of equal length, one array a column: `SELECT unnest($1::bigint[]) AS id, unnest($2::int[]) AS seq`. In the list of a
 * SELECT PostgreSQL takes the arrays value by value; in FROM it would first make a table of each, which cost a tenth of a batch.
 * Columns are written as names and element types: `id bigint, seq int`.
 */

function readColumns(columns: string): { name: string; type: string }[] {
  return columns.split(',').map((column) => {
    const [name = '', type = ''] = column.trim().split(/\s+/);
    return { name, type };
  });
}

/** `first` is the number of the first column's parameter. */
export function unnested(first: number, columns: string): string {
  const parts = readColumns(columns).map(({ name, type }, at) => `unnest($${first + at}::${type}[]) AS ${name}`);
  return `SELECT ${parts.join(', ')}`;
}

export function namesOf(columns: string): string {
  return readColumns(columns)
    .map(({ name }) => name)
    .join(', ');
}
