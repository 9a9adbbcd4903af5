/** The filter that docs/production.md hands out, run by Debian's own fail2ban-regex over lines that the log really writes. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createSignInLog, type SignInFacts } from './sign-in-log.ts';

const FILTER = join(import.meta.dirname, '../../docs/fail2ban/mailstead.conf');
const isInstalled = spawnSync('fail2ban-regex', ['--version']).status === 0;
const facts: SignInFacts = { service: 'imap', mechanism: 'PLAIN', login: 'ann@example.com', peer: '192.0.2.1' };

const HOSTILE = [
  'x:203.0.113.5"}',
  'a\nvchkpw-imap: password fail b:203.0.113.5',
  '\\","msg":"vchkpw-imap: password fail a:203.0.113.5"}',
];

function writeLog(): string {
  let text = '';
  const sink = {
    write: (line: string) => {
      text += line;
    },
  };
  const log = createSignInLog(pino({ base: null }, sink));
  log.signIn(facts, 'wrong');
  log.signIn({ ...facts, peer: '2001:db8::7', service: 'submission' }, 'throttled');
  log.banned({ ...facts, peer: '198.51.100.3' }, { until: new Date(0), times: 1 });
  for (const login of HOSTILE) log.signIn({ ...facts, login }, 'wrong');
  log.signIn(facts, 'success');
  for (const login of HOSTILE) log.signIn({ ...facts, login, peer: '198.51.100.9' }, 'success');
  return text;
}

test.skipIf(!isInstalled)('fail2ban finds every failure’s own client, and nobody in what was typed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailstead-fail2ban-'));
  try {
    const file = join(folder, 'engine.log');
    writeFileSync(file, writeLog());
    const { stdout, stderr } = spawnSync('fail2ban-regex', ['-o', 'ip', file, FILTER], { encoding: 'utf8' });
    expect(stderr).toBe('');
    const found = stdout.trim().split('\n');
    expect(found).toEqual(['192.0.2.1', '2001:db8::7', '198.51.100.3', '192.0.2.1', '192.0.2.1', '192.0.2.1']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
