/**
 * Keeps one child process running: restarts it with growing delay when it ends unasked, stops it when told. Children get an
 * IPC channel; they end by themselves when it closes, so none outlives a supervisor that was killed.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { say } from './progress.ts';

const RESTART: RestartDelays = { firstDelayMs: 500, longestDelayMs: 30_000, stableMs: 60_000 };
const KILL_AFTER_MS = 15_000;
const DEFAULT_NODE_FLAGS = ['--disable-warning=ExperimentalWarning'];

export interface ChildOptions {
  name: string;
  script: string;
  env: NodeJS.ProcessEnv;
  /** Options of Node itself. */
  nodeFlags?: readonly string[];
  uid?: number;
  gid?: number;
  restart?: RestartDelays;
}

interface RestartDelays {
  firstDelayMs: number;
  longestDelayMs: number;
  /** A child that ran this long before it ended starts again without added delay. */
  stableMs: number;
}

/** What a child says over IPC: it serves, or why it cannot. */
type ChildMessage = { kind: 'ready'; ports?: Record<string, number> } | { kind: 'failed'; reason: string };

export interface SupervisedChild {
  /** Resolves with the first `ready`; rejects when the child's first run ends before it. */
  ready: Promise<ChildMessage & { kind: 'ready' }>;
  /** Of the child that runs now. */
  readonly pid: number | undefined;
  stop: () => Promise<void>;
}

function isMessage(value: unknown): value is ChildMessage {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    (value.kind === 'ready' || value.kind === 'failed')
  );
}

export function superviseChild(options: ChildOptions): SupervisedChild {
  const { firstDelayMs, longestDelayMs, stableMs } = options.restart ?? RESTART;
  const first = Promise.withResolvers<ChildMessage & { kind: 'ready' }>();
  const stopping = new AbortController();
  let process_: ChildProcess | undefined;
  let reason: string | undefined;
  let everReady = false;

  async function runOnce(): Promise<string> {
    const { script, env, nodeFlags = DEFAULT_NODE_FLAGS, uid, gid } = options;
    const child = fork(script, [], {
      env,
      detached: true, // Ctrl-C reaches the supervisor alone, which stops its children in order
      execArgv: [...nodeFlags],
      ...(uid !== undefined && { uid }),
      ...(gid !== undefined && { gid }),
    });
    process_ = child;
    reason = undefined;
    child.on('message', (message) => {
      if (!isMessage(message)) return;
      if (message.kind === 'failed') reason = message.reason;
      else {
        everReady = true;
        first.resolve(message);
      }
    });
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    process_ = undefined;
    return reason ?? (signal ? `ended by ${signal}` : `ended with code ${code}`);
  }

  async function keepRunning(): Promise<void> {
    let waitMs = firstDelayMs;
    while (!stopping.signal.aborted) {
      const begun = Date.now();
      const how = await runOnce().catch((error: Error) => error.message);
      if (stopping.signal.aborted) return;
      if (!everReady) {
        first.reject(new Error(`${options.name}: ${how}`));
        return;
      }
      if (Date.now() - begun > stableMs) waitMs = firstDelayMs;
      say(`  ${options.name} ${how}; starting it again in ${waitMs / 1000} s`);
      await delay(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined); // aborted: the loop ends
      waitMs = Math.min(waitMs * 2, longestDelayMs);
    }
  }

  const finished = keepRunning();
  return {
    ready: first.promise,
    get pid() {
      return process_?.pid;
    },
    stop: async () => {
      stopping.abort();
      const child = process_;
      child?.kill('SIGTERM');
      const killer = setTimeout(() => child?.kill('SIGKILL'), KILL_AFTER_MS);
      await finished;
      clearTimeout(killer);
    },
  };
}
