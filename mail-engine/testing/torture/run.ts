/** Kills the engine at random moments under load, brings it back, and holds the clients' ledger against the folders. */
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { type EngineProcess, startEngineProcess } from '../engine-process.ts';
import { type Ledger, runLoad } from './ledger-client.ts';
import { type Verdict, verifyLedger } from './verify.ts';

export interface TortureOptions {
  databaseUrl: string;
  /** Mailboxes that exist already, and their password. */
  people: readonly string[];
  password: string;
  kills: number;
  connections: number;
  /** The engine lives between these many milliseconds after it is ready, drawn anew each time. */
  lifeMs: readonly [shortest: number, longest: number];
  random: () => number;
  /** A mailbox that Postfix's `smtp-source` floods beside the ledger's clients; left out of the verdict. */
  flooded?: string;
  onKill?: (count: number, ledger: Ledger) => void;
}

/** Keeps `smtp-source` running until `stop` aborts; it ends by itself whenever the engine dies under it. */
async function flood(port: number, recipient: string, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const args = [
      '-s',
      '5',
      '-m',
      '100000',
      '-l',
      '10240',
      '-f',
      'flood@ledger.example',
      '-t',
      recipient,
      `inet:127.0.0.1:${port}`,
    ];
    const child = spawn('smtp-source', args, { stdio: 'ignore' });
    const kill = (): boolean => child.kill('SIGKILL');
    stop.addEventListener('abort', kill, { once: true });
    await new Promise((resolve) => child.once('close', resolve).once('error', resolve));
    stop.removeEventListener('abort', kill);
    await delay(50);
  }
}

export async function runTorture(options: TortureOptions): Promise<{ verdict: Verdict; engine: EngineProcess }> {
  const ledger: Ledger = { acknowledged: new Map(), inDoubt: new Map() };
  const stop = new AbortController();
  let engine = await startEngineProcess({ databaseUrl: options.databaseUrl });
  const { ports } = engine;
  const load = runLoad(
    {
      port: ports.smtp,
      connections: options.connections,
      recipients: options.people,
      bodyBytes: 10_240,
      stop: stop.signal,
    },
    ledger,
  );
  const flooding = options.flooded ? flood(ports.smtp, options.flooded, stop.signal) : undefined;
  const [shortest, longest] = options.lifeMs;
  for (let count = 1; count <= options.kills; count++) {
    await delay(shortest + options.random() * (longest - shortest));
    await engine.end('SIGKILL');
    options.onKill?.(count, ledger);
    engine = await startEngineProcess({ databaseUrl: options.databaseUrl, ports });
  }
  await delay(shortest);
  stop.abort();
  await Promise.all([load, flooding]);
  return { verdict: await verifyLedger(ledger, ports.imaps, options.people, options.password), engine };
}
