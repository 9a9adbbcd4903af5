/**
 * `npm run bench:idle`: what clients cost that connect, are greeted and then do nothing, half of them in the middle of a command
 * (slow loris): memory of the real engine before and with them, in clear and over TLS. Where Debian's Postfix is installed and we are
 * root, the same of its smtpd, which has a process for each: at its hundred, and what that makes of as many as the engine had.
 *
 * Options: `--connections 10000 --only mailstead|peer --tls yes|no|both`.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { findFileLimit } from '#engine/process/open-files.ts';
import { openSubjects } from '../intake/open-subjects.ts';
import { say } from '../intake/rounds.ts';
import type { Subject } from '../intake/subject.ts';
import { openIdleClients } from './clients.ts';
import { residentBytes, treeBytes } from './memory.ts';

/** Postfix's default_process_limit. */
const PEER_CONNECTIONS = 100;
const LIMIT_MIB = 600;
/** For buffers of the greeting and the handshake to be given back. */
const SETTLE_MS = 3_000;

const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '10000' },
    only: { type: 'string' },
    tls: { type: 'string', default: 'both' },
  },
});
const connections = Number(values.connections);

const mib = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(0)} MiB`;
const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;

/** Every client is one of this machine's: the gate's limits are raised above what is opened. */
async function raiseLimits(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const sql = "INSERT INTO setting (key, value, updated_by) VALUES ('connections.maxSmtp', $1, 'bench')";
  await client.query(sql, [JSON.stringify(connections + 1_000)]);
  await client.end();
}

async function measureOwn({ smtpPort, processes }: Subject, tls: boolean): Promise<void> {
  const pid = processes.engine ?? 0;
  const before = await residentBytes(pid);
  const clients = await openIdleClients({ port: smtpPort, count: connections, tls });
  await delay(SETTLE_MS);
  const after = await residentBytes(pid);
  const open = clients.open();
  clients.close();
  const verdict = after < LIMIT_MIB * 1024 * 1024 ? 'below' : 'ABOVE';
  const each = kib((after - before) / connections);
  say(`Mailstead, ${open} idle ${tls ? 'over TLS' : 'in clear'}: ${mib(before)} before, ${mib(after)} with them`);
  say(`  ${each} each; ${verdict} ${LIMIT_MIB} MiB`);
  if (open !== connections) throw new Error(`${connections - open} connections were lost`);
  await delay(SETTLE_MS);
}

async function measurePeer({ name, smtpPort, processes }: Subject): Promise<void> {
  const pid = processes.Postfix ?? 0;
  const before = await treeBytes(pid);
  const clients = await openIdleClients({ port: smtpPort, count: PEER_CONNECTIONS, tls: false });
  await delay(SETTLE_MS);
  const each = ((await treeBytes(pid)) - before) / PEER_CONNECTIONS;
  clients.close();
  say(`${name}, ${PEER_CONNECTIONS} idle in clear, a smtpd process each: ${kib(each)} each (PSS)`);
  say(`  extrapolated, not measured: ${mib(each * connections)} for ${connections}`);
}

/** Ours, the engine's, and some beside: both processes inherit the same limit. */
const files = findFileLimit();
if (files !== undefined && files < connections + 1_000) {
  throw new Error(`${files} files may be open here: raise it first, ulimit -n ${connections + 1_000}`);
}

const { subjects, close } = await openSubjects({ mailboxes: 1, only: values.only, prepare: raiseLimits });
try {
  for (const subject of subjects) {
    if (subject.processes.engine === undefined) await measurePeer(subject);
    else {
      if (values.tls !== 'yes') await measureOwn(subject, false);
      if (values.tls !== 'no') await measureOwn(subject, true);
    }
  }
} finally {
  await close();
}
