import { runCheck } from '#engine/check/run-check.ts';
import { createPool } from '#server/database/pool.ts';
import type { CommandContext } from './context.ts';

/** `mailstead check`: prints every finding; status 1 when something is wrong and was not repaired. */
export async function checkCommand({ databaseUrl }: CommandContext, args: readonly string[]): Promise<number> {
  const repair = args.includes('--repair');
  const pool = createPool({ connectionString: databaseUrl, max: 2 });
  try {
    const findings = await runCheck(pool, { repair, deep: args.includes('--deep') });
    for (const finding of findings) process.stdout.write(`${JSON.stringify(finding)}\n`);
    process.stdout.write(findings.length === 0 ? 'Everything is as it should be.\n' : `${findings.length} findings.\n`);
    return findings.length === 0 ? 0 : 1;
  } finally {
    await pool.end();
  }
}
