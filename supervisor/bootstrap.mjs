/**
 * What `npm start`, `npm run demo` and `npm test` run first. Plain JavaScript for any Node from 20 on, with no dependency:
 * installs what is missing, generates, builds what changed since the last time, then hands over to Node 24.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fingerprint } from './fingerprint.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const NODE24 = join(ROOT, 'node_modules', 'node', 'bin', 'node');
const STAMPS = join(ROOT, 'node_modules', '.mailstead');

const GENERATE_INPUTS = ['prisma/schema', 'prisma.config.ts', 'package-lock.json'];
const BUILD_INPUTS = [
  'app',
  'server',
  'prisma/schema',
  'public',
  'next.config.ts',
  'postcss.config.mjs',
  'tsconfig.json',
  'package-lock.json',
];

/** Runs one step with a line of progress; its output is shown only when it fails (or with VERBOSE set). */
function step(title, command, args, env = {}) {
  const started = Date.now();
  process.stdout.write(`  ${title} …`);
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: process.env.VERBOSE ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    maxBuffer: 64 * 1024 * 1024,
  });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  process.stdout.write(status === 0 ? ` done (${seconds} s)\n` : ` failed (${seconds} s)\n`);
  if (status === 0) return;
  process.stderr.write(
    `${stdout ?? ''}${stderr ?? ''}${error ? `${error.message}\n` : ''}\n${title} failed: see above.\n`,
  );
  process.exit(1);
}

/** Runs `action` unless `inputs` are what they were when it last succeeded and `output` is still there. */
function whenChanged(name, inputs, output, action) {
  const print = fingerprint(ROOT, inputs);
  const stamp = join(STAMPS, name);
  if (existsSync(join(ROOT, output)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === print) return;
  rmSync(stamp, { force: true });
  action();
  mkdirSync(STAMPS, { recursive: true });
  writeFileSync(stamp, print);
}

function install() {
  // Not `npm ci`: that refuses when a registry lacks an optional package of some other platform, which closed ones do.
  const args = ['install', '--no-save', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  whenChanged('install', ['package-lock.json'], 'node_modules/node/bin/node', () =>
    step('Installing packages', 'npm', args),
  );
}

function generate() {
  whenChanged('generate', GENERATE_INPUTS, 'prisma/generated/client.ts', () =>
    step('Generating the database client', NODE24, ['node_modules/prisma/build/index.js', 'generate'], {
      // `generate` needs no schema engine but insists on finding one; closed networks refuse its download.
      PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true',
    }),
  );
}

function build() {
  whenChanged('build', BUILD_INPUTS, '.next/BUILD_ID', () =>
    step('Building panel and webmail', NODE24, ['node_modules/next/dist/bin/next', 'build'], {
      NODE_ENV: 'production',
      NEXT_TELEMETRY_DISABLED: '1',
    }),
  );
}

/** Replaces this process, as far as Node can: same terminal, signals passed on, same exit status. */
function handOver(script, args) {
  const path = `${join(ROOT, 'node_modules', '.bin')}:${process.env.PATH}`;
  const child = spawn(NODE24, ['--disable-warning=ExperimentalWarning', join(ROOT, script), ...args], {
    stdio: 'inherit',
    env: { ...process.env, PATH: path },
  });
  // The terminal sends Ctrl-C to the child as well; a signal sent to this process alone is passed on.
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  process.on('SIGINT', () => undefined);
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

const [command = 'start', ...args] = process.argv.slice(2);
install();
generate();
if (command === 'test') {
  handOver('supervisor/test/main.ts', args);
} else if (command === 'cli') {
  handOver('supervisor/cli.ts', args);
} else if (command === 'build') {
  build();
} else {
  build();
  handOver('supervisor/main.ts', [command, ...args]);
}
