/** Runs the parts of `npm test` and counts what each says of itself. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

const ROOT = join(import.meta.dirname, '..', '..');
const bin = (name: string): string => join(ROOT, 'node_modules', '.bin', name);

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): boolean {
  const { status } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  return status === 0;
}

/** A tool that only passes or fails counts as one test. */
export function runGuard(title: string, command: string, args: readonly string[]): Count {
  const begun = Date.now();
  const ok = run(command.includes('/') || command === 'node' ? command : bin(command), args);
  process.stdout.write(`${ok ? 'passed' : 'FAILED'}: ${title} (${((Date.now() - begun) / 1000).toFixed(1)} s)\n\n`);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

function readReport<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined; // the runner ended before it wrote one: counted as a failure by the caller
  }
}

/** A runner that failed without naming a failed test still failed. */
function withExit(count: Count, ok: boolean): Count {
  return ok || count.failed > 0 ? count : { ...count, failed: 1 };
}

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
}

export function runVitest(args: readonly string[]): Count {
  const dir = mkdtempSync(join(tmpdir(), 'mailstead-vitest-'));
  const file = join(dir, 'report.json');
  const ok = run(bin('vitest'), ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...args]);
  const report = readReport<VitestReport>(file);
  rmSync(dir, { recursive: true, force: true });
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const skipped = report.numPendingTests + report.numTodoTests;
  return withExit({ passed: report.numPassedTests, failed: report.numFailedTests, skipped }, ok);
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
}

export function runPlaywright(args: readonly string[]): Count {
  const dir = mkdtempSync(join(tmpdir(), 'mailstead-playwright-'));
  const file = join(dir, 'report.json');
  const ok = run(bin('playwright'), ['test', '--reporter=list,json', ...args], { PLAYWRIGHT_JSON_OUTPUT_FILE: file });
  const report = readReport<PlaywrightReport>(file);
  rmSync(dir, { recursive: true, force: true });
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  const { expected, unexpected, flaky, skipped } = report.stats;
  return withExit({ passed: expected, failed: unexpected + flaky, skipped }, ok);
}
