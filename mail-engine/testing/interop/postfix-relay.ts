/**
 * Debian's Postfix as the server next door: takes mail for `aliasDomain` by SMTP, all of it for one mailbox, and passes that mailbox's
 * domain on by LMTP. Its configuration and queue are below a folder of its own. Needs root.
 */
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '#server/free-port.ts';
import { has, run } from './programs.ts';

export interface PostfixRelay {
  port: number;
  stop(): Promise<void>;
}

interface PostfixRelayOptions {
  /** Where LMTP is served on loopback, and for which domain. */
  lmtpPort: number;
  domain: string;
  aliasDomain: string;
  /** Who gets what comes for `aliasDomain`. */
  mailbox: string;
}

export const CAN_RUN_POSTFIX = has('postfix') && process.getuid?.() === 0;

function mainConfig(dir: string, { lmtpPort, domain, aliasDomain, mailbox }: PostfixRelayOptions): string {
  return `compatibility_level = 3.6
queue_directory = ${dir}/spool
data_directory = ${dir}/data
mail_owner = postfix
maillog_file = ${dir}/log
maillog_file_prefixes = ${dir}
setgid_group = postdrop
myhostname = mx.${aliasDomain}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
alias_maps =
relay_domains = ${domain} ${aliasDomain}
virtual_alias_maps = inline:{ { @${aliasDomain} = ${mailbox} } }
transport_maps = inline:{ { ${domain} = lmtp:inet:127.0.0.1:${lmtpPort} } }
smtpd_relay_restrictions = permit_auth_destination, reject
smtpd_recipient_restrictions =
`;
}

/** name type private unprivileged chroot wakeup processes command */
function services(port: number): string {
  const publics = ['cleanup unix n - n - 0 cleanup', 'qmgr unix n - n 300 1 qmgr', 'flush unix n - n 1000? 0 flush'];
  const workers = [
    'rewrite trivial-rewrite',
    'bounce bounce',
    'defer bounce',
    'trace bounce',
    'lmtp lmtp',
    'error error',
  ];
  const lines = [
    `127.0.0.1:${port} inet n - n - - smtpd`,
    'postlog unix-dgram n - n - 1 postlogd',
    ...publics,
    ...[...workers, 'retry error', 'proxymap proxymap', 'anvil anvil', 'scache scache', 'verify verify'].map((worker) =>
      worker.replace(' ', ' unix - - n - - '),
    ),
    'tlsmgr unix - - n 1000? 1 tlsmgr',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

export async function startPostfixRelay(options: PostfixRelayOptions): Promise<PostfixRelay> {
  const dir = await mkdtemp(join(tmpdir(), 'mailstead-postfix-'));
  await chmod(dir, 0o755);
  const config = join(dir, 'config');
  for (const folder of [config, join(dir, 'spool'), join(dir, 'data')]) await mkdir(folder);
  await chown(join(dir, 'data'), Number((await run('id', ['-u', 'postfix'])).toString()), 0);
  const port = await findFreePort();
  await writeFile(join(config, 'main.cf'), mainConfig(dir, options));
  await writeFile(join(config, 'master.cf'), services(port));
  await run('/usr/sbin/postfix', ['-c', config, 'start']);
  return {
    port,
    stop: async () => {
      await run('/usr/sbin/postfix', ['-c', config, 'stop']);
      await rm(dir, { recursive: true, force: true });
    },
  };
}
