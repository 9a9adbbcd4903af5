/**
 * Torture: clients of every kind use the product while it is hurt at random moments, and their ledger is held against folders and
 * queue afterwards. The product comes back by its own means; where it does not, that is a failure too.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import { type Finding, runCheck } from '#engine/check/run-check.ts';
import { createPool } from '#server/database/pool.ts';
import { collectAll } from './collect.ts';
import { type FaultKind, possibleFaults, runFault, skippedFaults } from './faults.ts';
import { runImapClient } from './imap-traffic.ts';
import { Ledger } from './ledger.ts';
import { runMailClient } from './mail-traffic.ts';
import { runPop3Client } from './pop3-traffic.ts';
import { createRandom, type Random } from './random.ts';
import { REMOTE_DOMAIN, type RemoteServer, startRemoteServer } from './remote-server.ts';
import { openStage, type Stage } from './stage.ts';
import { type FaultWindow, type Verdict, verify } from './verify.ts';

export interface TortureOptions {
  seed: number;
  /** Faults go on for so long, and until each kind has happened once. */
  durationMs: number;
  /** The product is left alone between faults for a time between these. */
  calmMs: readonly [shortest: number, longest: number];
  /** Kinds of fault; all that can be done here when not given. */
  only?: readonly FaultKind[] | undefined;
  clients: { mx: number; submission: number; imap: number; pop3: number };
  say: (line: string) => void;
  /** Ends the run early, as failed; what it started is stopped. */
  signal?: AbortSignal;
}

export interface TortureResult {
  verdict: Verdict;
  faults: readonly FaultWindow[];
  skipped: readonly FaultKind[];
  findings: readonly Finding[];
}

const MX_MAILBOXES = 10;
const REMOTE_RECIPIENTS = Array.from({ length: 5 }, (_, at) => `friend${at}@${REMOTE_DOMAIN}`);
/** Mail must be taken again within this time after a fault is over. */
const PATIENCE_MS = 90_000;
const SETTLE_MS = 5_000;
const AFTER_MESSAGES = 5;

interface Run {
  options: TortureOptions;
  random: Random;
  ledger: Ledger;
  stage: Stage;
  stop: AbortSignal;
}

function startClients({ options, random, ledger, stage, stop }: Run): Promise<unknown>[] {
  const { clients } = options;
  const { ports, people } = stage;
  const { password } = people;
  const each = (count: number, run: (at: number) => Promise<void>) => Array.from({ length: count }, (_, at) => run(at));
  const shared = () => ({ ledger, random: random.fork(), stop });
  return [
    ...each(clients.mx, (at) => {
      const recipients = [...people.mx, ...people.pop3];
      const from = { name: `mx${at}`, traffic: 'MX' as const, port: ports.smtp, sender: `load${at}@ledger.example` };
      return runMailClient({ ...shared(), ...from, recipients, maxRecipients: 12 });
    }),
    ...each(clients.submission, (at) => {
      const user = people.mx[at % people.mx.length] ?? '';
      const from = { name: `sub${at}`, traffic: 'submission' as const, port: ports.submissions, sender: user };
      const recipients = [...REMOTE_RECIPIENTS, ...people.mx.slice(0, 2)];
      return runMailClient({ ...shared(), ...from, signIn: { user, password }, recipients, maxRecipients: 4 });
    }),
    ...each(clients.imap, (at) => {
      const user = people.imap[at] ?? '';
      return runImapClient({ ...shared(), name: `imap${at}`, port: ports.imaps, user, password });
    }),
    ...each(clients.pop3, (at) => {
      const user = people.pop3[at] ?? '';
      return runPop3Client({ ...shared(), name: `pop${at}`, port: ports.pop3s, user, password });
    }),
  ];
}

async function waitUntil(what: string, isSo: () => boolean): Promise<void> {
  const ends = Date.now() + PATIENCE_MS;
  while (!isSo()) {
    if (Date.now() > ends) throw new Error(`${what} within ${PATIENCE_MS / 1000} s`);
    await delay(50);
  }
}

async function hurt(kind: FaultKind, { stage, random, ledger, options }: Run): Promise<FaultWindow> {
  const from = Date.now();
  await runFault(kind, stage, random);
  const over = Date.now();
  const before = ledger.acknowledged;
  await waitUntil(`mail was not taken again after ${kind}`, () => ledger.acknowledged >= before + AFTER_MESSAGES);
  const to = Date.now();
  options.say(`${kind}: mail taken again ${((to - over) / 1000).toFixed(1)} s later; ${ledger.acknowledged} so far`);
  return { kind, from, over, to };
}

/** Every kind in an order drawn anew each time round. */
async function hurtRepeatedly(run: Run): Promise<FaultWindow[]> {
  const { options, random, stage } = run;
  const kinds = possibleFaults(stage).filter((kind) => options.only?.includes(kind) ?? true);
  const ends = Date.now() + options.durationMs;
  const windows: FaultWindow[] = [];
  while (Date.now() < ends || windows.length < kinds.length) {
    for (const kind of random.shuffle(kinds)) {
      if (Date.now() >= ends && windows.length >= kinds.length) break;
      await delay(random.between(...options.calmMs));
      windows.push(await hurt(kind, run));
    }
  }
  return windows;
}

/** Everything that waits is tried now; a lease whose runner was killed ends only later. */
async function drainQueue(pool: Pool): Promise<void> {
  await pool.query(`UPDATE queue_entry SET next_attempt_at = now() WHERE state = 'waiting'`);
  await pool.query(`SELECT pg_notify('mailstead_queue', 'retry')`);
  await delay(SETTLE_MS);
}

/** With no runner alive, what is left in the queue is kept there, so that nothing moves while it is counted. */
async function freezeQueue(pool: Pool): Promise<void> {
  await pool.query(
    `UPDATE queue_entry SET state = 'waiting', lease_owner = NULL, lease_until = NULL WHERE state = 'leased'`,
  );
  await pool.query(`UPDATE queue_entry SET state = 'held' WHERE state = 'waiting'`);
}

async function judge(run: Run, remote: RemoteServer, faults: readonly FaultWindow[]): Promise<TortureResult> {
  const { stage, ledger } = run;
  const pool = createPool({ connectionString: stage.databaseUrl, max: 2 });
  try {
    await drainQueue(pool);
    const from = Date.now();
    await stage.engine.stop();
    const stop = { from, over: Date.now() };
    await remote.close();
    await freezeQueue(pool);
    await stage.startEngineAgain();
    const { people, ports } = stage;
    const addresses = [...people.mx, ...people.imap, ...people.pop3];
    const mailboxes = { imapsPort: ports.imaps, addresses, password: people.password };
    const collected = await collectAll(mailboxes, pool, ledger);
    const verdict = verify({ ledger, collected, arrivals: remote.arrivals, faults, stop });
    const findings = await runCheck(pool, { repair: false, deep: true });
    return { verdict, faults, skipped: skippedFaults(stage), findings };
  } finally {
    await pool.end();
  }
}

function abortOf(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) =>
    signal?.addEventListener('abort', () => reject(new Error('stopped')), { once: true }),
  );
}

export async function runTorture(options: TortureOptions): Promise<TortureResult> {
  const random = createRandom(options.seed);
  const ledger = new Ledger();
  const remote = await startRemoteServer(random.fork(), (id) => ledger.attempts.get(id));
  const { imap, pop3 } = options.clients;
  const stage = await openStage({ counts: { mx: MX_MAILBOXES, imap, pop3 }, remote });
  const ending = new AbortController();
  const run: Run = { options, random, ledger, stage, stop: ending.signal };
  const clients = Promise.all(startClients(run));
  try {
    // Clients go on until they are stopped: one that ends earlier has a fault of its own.
    const early = clients.then(() => Promise.reject(new Error('no clients')));
    const faults = await Promise.race([hurtRepeatedly(run), early, abortOf(options.signal)]);
    ending.abort();
    await clients;
    return await judge(run, remote, faults);
  } finally {
    ending.abort();
    await stage.close();
  }
}
