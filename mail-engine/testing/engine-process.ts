/** Runs the real engine as a process of its own, on free ports, for tests that talk to it from outside or kill it. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENGINE_ENVIRONMENT, ENGINE_NODE_FLAGS } from '#engine/process/launch.ts';
import type { Service } from '#server/config.ts';

export interface EngineProcess {
  ports: Record<Service, number>;
  /** PEM file of the self-signed certificate it serves. */
  certFile: string;
  pid: number;
  /** Sends `signal` and waits for the end. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

export interface EngineOptions {
  databaseUrl: string;
  /** Keep the ports of an engine that was killed. */
  ports?: Record<Service, number>;
  env?: Readonly<Record<string, string>>;
  /** Takes what it writes to its standard output and error; otherwise that goes to the test's own. */
  onOutput?: (text: string) => void;
}

export const TEST_SECRET = 'test-secret-of-at-least-thirty-two-characters';
const SERVICES: readonly Service[] = ['smtp', 'submission', 'submissions', 'imap', 'imaps', 'pop3', 'pop3s'];

function portEnvironment(ports: Record<Service, number> | undefined): Record<string, string> {
  return Object.fromEntries(
    SERVICES.map((service) => [`MAILSTEAD_${service.toUpperCase()}_PORT`, String(ports?.[service] ?? 0)]),
  );
}

async function waitForReady(child: ChildProcess): Promise<Record<Service, number>> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the engine ended with ${code} before it was ready`);
  });
  for (;;) {
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [
      { kind?: string; ports?: Record<Service, number> },
    ];
    if (message.kind === 'ready' && message.ports) {
      ended.catch(() => undefined); // from here on `end` watches the exit
      return message.ports;
    }
  }
}

export async function startEngineProcess(options: EngineOptions): Promise<EngineProcess> {
  const varDir = await mkdtemp(join(tmpdir(), 'mailstead-engine-'));
  const child = fork(join(import.meta.dirname, '..', 'main.ts'), [], {
    env: {
      ...ENGINE_ENVIRONMENT,
      ...process.env,
      NODE_ENV: 'test',
      LOG_LEVEL: process.env.ENGINE_LOG_LEVEL ?? 'fatal',
      DATABASE_URL: options.databaseUrl,
      MAILSTEAD_SECRET: TEST_SECRET,
      MAILSTEAD_HOSTNAME: 'mx.harbour.example',
      MAILSTEAD_BIND: '127.0.0.1',
      MAILSTEAD_VAR: varDir,
      ...portEnvironment(options.ports),
      ...options.env,
    },
    execArgv: [...ENGINE_NODE_FLAGS],
    silent: options.onOutput !== undefined,
  });
  if (options.onOutput) {
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', options.onOutput);
  }
  const ports = await waitForReady(child);
  return {
    ports,
    certFile: join(varDir, 'tls', 'cert.pem'),
    pid: child.pid ?? 0,
    end: async (signal) => {
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
      await rm(varDir, { recursive: true, force: true });
    },
  };
}
