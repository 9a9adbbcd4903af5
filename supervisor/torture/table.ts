import type { FaultWindow, Row, Verdict } from './verify.ts';

const COLUMNS: readonly [title: string, value: (row: Row) => number][] = [
  ['acknowledged', (row) => row.acknowledged],
  ['in doubt', (row) => row.inDoubt],
  ['refused', (row) => row.refused],
  ['found', (row) => row.found],
  ['repeated', (row) => row.repeated],
  ['lost', (row) => row.lost.length],
  ['twice', (row) => row.twice.length],
  ['unexpected', (row) => row.unexpected.length],
  ['damaged', (row) => row.damaged.length],
];

/** The ledger in Markdown: a row for each kind of fault, with how often it happened, and the sum. */
export function formatTable(verdict: Verdict, faults: readonly FaultWindow[]): string {
  const lines = [
    `| | times | ${COLUMNS.map(([title]) => title).join(' | ')} |`,
    `|---|${'---|'.repeat(COLUMNS.length + 1)}`,
  ];
  const line = (name: string, times: string, values: readonly number[]): string => {
    return `| ${name} | ${times} | ${values.map((value) => value.toLocaleString('en')).join(' | ')} |`;
  };
  for (const [name, row] of [...verdict].toSorted(([a], [b]) => a.localeCompare(b))) {
    const times = faults.filter(({ kind }) => kind === name).length;
    lines.push(
      line(
        name,
        times > 0 ? String(times) : '',
        COLUMNS.map(([, value]) => value(row)),
      ),
    );
  }
  const rows = [...verdict.values()];
  const sums = COLUMNS.map(([, value]) => rows.reduce((sum, row) => sum + value(row), 0));
  return [...lines, line('**all**', String(faults.length), sums)].join('\n');
}
