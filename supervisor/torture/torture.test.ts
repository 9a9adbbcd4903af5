import { expect, test } from 'vitest';
import { runTorture } from './run.ts';
import { formatTable } from './table.ts';
import { wrongs } from './verify.ts';

test('hurt in every way under load, it loses nothing it acknowledged, doubles nothing and comes back', async () => {
  const lines: string[] = [];
  const { verdict, faults, skipped, findings } = await runTorture({
    seed: 42,
    durationMs: 1_000,
    calmMs: [300, 1_200],
    clients: { mx: 8, submission: 2, imap: 3, pop3: 1 },
    say: (line) => lines.push(line),
  });
  const table = formatTable(verdict, faults);
  expect(wrongs(verdict), `${lines.join('\n')}\n${table}`).toEqual([]);
  expect(findings).toEqual([]);
  expect(faults.length + skipped.length).toBe(8);
  const acknowledged = [...verdict.values()].reduce((sum, row) => sum + row.acknowledged, 0);
  expect(acknowledged, table).toBeGreaterThan(100);
}, 300_000);
