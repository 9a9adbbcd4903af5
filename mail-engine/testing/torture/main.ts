/**
 * `npm run torture -- --kills 20`: the long run, by hand, on a throw-away PostgreSQL. Prints the ledger and exits 1 when anything
 * was lost, doubled or left unclean.
 */
import { parseArgs } from 'node:util';
import { runCheck } from '#engine/check/run-check.ts';
import { cloneDatabase } from '#prisma/testing/clone-database.ts';
import { startTestCluster } from '#prisma/testing/global-setup.ts';
import { createPool } from '#server/database/pool.ts';
import { createMailboxes } from '../mailboxes.ts';
import { runTorture } from './run.ts';

const PASSWORD = 'torture-lantern-42-harbour';
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '20' },
    connections: { type: 'string', default: '20' },
    flood: { type: 'boolean', default: false },
  },
});

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const cluster = await startTestCluster();
try {
  const database = await cloneDatabase(cluster.url);
  const people = await createMailboxes(database.url, { domain: 'torture.example', count: 20, password: PASSWORD });
  const [flooded] = await createMailboxes(database.url, { domain: 'flood.example', count: 1, password: PASSWORD });
  const { verdict, engine } = await runTorture({
    databaseUrl: database.url,
    people,
    password: PASSWORD,
    kills: Number(values.kills),
    connections: Number(values.connections),
    lifeMs: [300, 2_000],
    random: Math.random,
    ...(values.flood && flooded && { flooded }),
    onKill: (count, ledger) =>
      say(`kill ${count}: ${ledger.acknowledged.size} acknowledged, ${ledger.inDoubt.size} in doubt`),
  });
  await engine.end('SIGTERM');
  const pool = createPool({ connectionString: database.url });
  const findings = await runCheck(pool, { repair: false });
  await pool.end();
  say(JSON.stringify({ ...verdict, findings }, null, 2));
  const clean = verdict.lost.length + verdict.twice.length + verdict.unexpected.length + findings.length === 0;
  say(clean ? 'Nothing lost, nothing twice, check clean.' : 'NOT CLEAN');
  process.exitCode = clean ? 0 : 1;
} finally {
  await cluster.stop();
}
