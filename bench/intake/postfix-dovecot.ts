/**
 * Debian's Postfix delivering by LMTP to Dovecot into Maildir: both from configurations, queue and mail folders of their own below
 * one folder, as durable as they come (Postfix syncs its queue files, Dovecot the messages). Needs root.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findFreePort } from '#server/free-port.ts';
import { DOMAIN, mailboxName } from './load.ts';
import type { Subject } from './subject.ts';

const run = promisify(execFile);

interface Running {
  pid: number;
  stop: () => Promise<void>;
}

const NOBODY = 65534;
const PROGRAMS = ['/usr/sbin/postfix', '/usr/sbin/dovecot', '/usr/lib/dovecot/lmtp'];

/** True where the packages are installed and may be started. */
export async function hasPostfixDovecot(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  const found = await Promise.all(
    PROGRAMS.map((program) =>
      access(program).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.every(Boolean);
}

function dovecotConfig(dir: string): string {
  return `base_dir = ${dir}/dovecot/run
state_dir = ${dir}/dovecot/state
log_path = ${dir}/dovecot/log
protocols = lmtp
ssl = no
mail_location = maildir:${dir}/mail/%n
passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = static
  args = uid=${NOBODY} gid=${NOBODY} home=${dir}/mail/%n allow_all_users=yes
}
service lmtp {
  process_min_avail = 4
  unix_listener ${dir}/dovecot/lmtp {
    mode = 0666
  }
}
`;
}

function postfixConfig(dir: string, port: number): string {
  return `compatibility_level = 3.6
queue_directory = ${dir}/postfix/spool
data_directory = ${dir}/postfix/data
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.bench.example
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
message_size_limit = 62914560
smtputf8_enable = no
virtual_mailbox_domains = ${DOMAIN}
virtual_mailbox_maps = texthash:${dir}/postfix/mailboxes
virtual_transport = lmtp:unix:${dir}/dovecot/lmtp
smtpd_recipient_restrictions = reject_unauth_destination
smtp_bind_address =
# port ${port}
`;
}

function postfixServices(port: number): string {
  return `127.0.0.1:${port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
`;
}

async function startDovecot(dir: string): Promise<Running> {
  for (const folder of ['dovecot', 'dovecot/run', 'dovecot/state', 'mail']) await mkdir(join(dir, folder));
  await chown(join(dir, 'mail'), NOBODY, NOBODY);
  const config = join(dir, 'dovecot/dovecot.conf');
  await writeFile(config, dovecotConfig(dir));
  const server: ChildProcess = spawn('/usr/sbin/dovecot', ['-F', '-c', config], { stdio: 'inherit' });
  const ended = once(server, 'exit');
  for (let tries = 0; tries < 100; tries++) {
    if (
      await access(join(dir, 'dovecot/lmtp')).then(
        () => true,
        () => false,
      )
    )
      break;
    await delay(50);
  }
  return {
    pid: server.pid ?? 0,
    stop: async () => {
      server.kill('SIGTERM');
      await ended;
    },
  };
}

async function startPostfix(dir: string, port: number, mailboxes: number): Promise<Running> {
  const config = join(dir, 'postfix');
  for (const folder of ['', 'spool', 'data']) await mkdir(join(config, folder), { mode: 0o755 });
  const { stdout } = await run('/usr/bin/id', ['-u', 'postfix']);
  await chown(join(config, 'data'), Number(stdout), NOBODY);
  const lines = Array.from({ length: mailboxes }, (_, at) => `${mailboxName(at)}@${DOMAIN} x\n`);
  await writeFile(join(config, 'mailboxes'), lines.join(''));
  await writeFile(join(config, 'main.cf'), postfixConfig(dir, port));
  await writeFile(join(config, 'master.cf'), postfixServices(port));
  await run('/usr/sbin/postfix', ['-c', config, 'start']);
  return {
    pid: Number(await readFile(join(config, 'spool/pid/master.pid'), 'utf8')),
    stop: async () => {
      await run('/usr/sbin/postfix', ['-c', config, 'stop']);
    },
  };
}

async function countFiles(dir: string): Promise<number> {
  const names = await readdir(dir).catch(() => []); // not made before its first message
  return names.length;
}

export async function startPostfixDovecot(root: string, mailboxes: number): Promise<Subject> {
  const dir = join(root, 'peer');
  await mkdir(dir, { mode: 0o755 });
  const smtpPort = await findFreePort();
  const dovecot = await startDovecot(dir);
  const postfix = await startPostfix(dir, smtpPort, mailboxes);
  const queues = ['maildrop', 'incoming', 'active', 'deferred'].map((name) => join(dir, 'postfix/spool', name));
  return {
    name: 'Postfix + Dovecot LMTP + Maildir',
    smtpPort,
    processes: { Postfix: postfix.pid, Dovecot: dovecot.pid },
    countDelivered: async () => {
      const counts = await Promise.all(
        Array.from({ length: mailboxes }, (_, at) => countFiles(join(dir, 'mail', mailboxName(at), 'new'))),
      );
      return counts.reduce((sum, count) => sum + count, 0);
    },
    isDelivering: async () => (await Promise.all(queues.map(countFiles))).some((count) => count > 0),
    settle: async () => undefined,
    stop: async () => {
      await postfix.stop();
      await dovecot.stop();
    },
  };
}
