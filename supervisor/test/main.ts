/**
 * `npm test`: guards, unit, protocol, store and interop tests, then the browser tests against a freshly built and started whole.
 * Ends with `N passed, N failed`. Arguments choose parts: `npm test -- guards unit e2e`.
 */
import { ensurePrograms } from './debian-packages.ts';
import { type Count, runGuard, runPlaywright, runVitest } from './steps.ts';

const PARTS: Readonly<Record<string, readonly (() => Count)[]>> = {
  guards: [
    () => runGuard('Biome: style, imports law, sizes', 'biome', ['check', '--error-on-warnings', '.']),
    () => runGuard('TypeScript', 'tsc', ['-p', '.']),
    () => runGuard('knip: nothing unused', 'knip', ['--no-progress']),
  ],
  unit: [() => runVitest([])],
  e2e: [() => runGuard('Build', 'node', ['supervisor/bootstrap.mjs', 'build']), () => runPlaywright([])],
};

function main(): void {
  const chosen = process.argv.slice(2);
  const unknown = chosen.filter((name) => !(name in PARTS));
  if (unknown.length > 0)
    throw new Error(`There is no part ${unknown.join(', ')}: choose among ${Object.keys(PARTS).join(', ')}`);
  const missing = ensurePrograms();
  if (missing.length > 0) process.stdout.write(`Tests that need these programs are skipped: ${missing.join(', ')}\n`);
  const total: Count = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, steps] of Object.entries(PARTS)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    for (const runStep of steps) {
      const count = runStep();
      total.passed += count.passed;
      total.failed += count.failed;
      total.skipped += count.skipped;
    }
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed${skipped}\n`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

main();
