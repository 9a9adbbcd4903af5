/** Which unprivileged user services run as when Mailstead is started by root, and whether that user can reach our files. */
import { spawnSync } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface SystemUser {
  name: string;
  uid: number;
  gid: number;
}

async function findUser(name: string): Promise<SystemUser | undefined> {
  const passwd = await readFile('/etc/passwd', 'utf8');
  const fields = passwd
    .split('\n')
    .map((line) => line.split(':'))
    .find((candidate) => candidate[0] === name);
  if (!fields) return undefined;
  return { name, uid: Number(fields[2]), gid: Number(fields[3]) };
}

/** As root: the user `name`, made as a system user without a shell if there is none. Otherwise undefined: we are unprivileged already. */
export async function ensureSystemUser(name: string): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const existing = await findUser(name);
  if (existing) return existing;
  const args = [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    '/usr/sbin/nologin',
    name,
  ];
  const made = spawnSync('useradd', args, { encoding: 'utf8' });
  const user = await findUser(name);
  if (!user)
    throw new Error(
      `The user ${name} could not be made (${made.stderr?.trim()}): make it, or name another in MAILSTEAD_USER`,
    );
  return user;
}

/** True where `user` may enter every folder above `path`, and `path` itself. */
export async function canReach(user: SystemUser, path: string): Promise<boolean> {
  const { mode, uid, gid } = await stat(path);
  const search = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
  if ((mode & search) === 0) return false;
  const parent = dirname(path);
  return parent === path || canReach(user, parent);
}
