/**
 * The programs that the interop and browser tests talk to. As root on Debian what is missing is installed; elsewhere the tests that
 * need a missing program are skipped, and the summary says so.
 */
import { spawnSync } from 'node:child_process';
import { has } from '#engine/testing/interop/programs.ts';

/** Program → Debian packages. */
const PROGRAMS: Readonly<Record<string, string>> = {
  chromium: 'chromium',
  swaks: 'swaks libnet-ssleay-perl',
  curl: 'curl',
  mbsync: 'isync',
  fetchmail: 'fetchmail',
  mpop: 'mpop',
  msmtp: 'msmtp',
  gsasl: 'gsasl',
  'smtp-source': 'postfix',
  'fail2ban-regex': 'fail2ban',
  cdb: 'tinycdb',
  tcprules: 'ucspi-tcp',
  openssl: 'openssl',
};

/** Keeps packages' services (postfix) from starting when they are installed: `policy-rc.d` 101 means "action forbidden". */
const INSTALL = `
set -e
export DEBIAN_FRONTEND=noninteractive
made=
if [ ! -e /usr/sbin/policy-rc.d ]; then printf '#!/bin/sh\\nexit 101\\n' > /usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d; made=1; fi
trap '[ -z "$made" ] || rm -f /usr/sbin/policy-rc.d' EXIT
apt-get update -qq
apt-get install -y -qq --no-install-recommends "$@"
`;

/** Installs what is missing where that is possible; returns the programs that are still missing. */
export function ensurePrograms(): string[] {
  const missing = Object.keys(PROGRAMS).filter((program) => !has(program));
  if (missing.length > 0 && process.getuid?.() === 0 && has('apt-get')) {
    const packages = [
      ...new Set(missing.flatMap((program) => (PROGRAMS[program] ?? program).split(' '))),
      'fonts-noto-core',
      'fonts-noto-cjk',
    ];
    process.stdout.write(`Installing Debian packages for the tests: ${packages.join(' ')}\n`);
    const { status, stderr } = spawnSync('sh', ['-c', INSTALL, 'sh', ...packages], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    });
    if (status !== 0) process.stdout.write(`${stderr.trim()}\n`);
  }
  return missing.filter((program) => !has(program));
}
