/**
 * Started as root, the engine keeps root only until its ports are bound and its collaborators stand. The user must exist: the
 * supervisor or the package makes it; where nobody did, `nobody` has to do.
 */
import { readFile } from 'node:fs/promises';
import type { Logger } from '#server/logger.ts';

export interface UnprivilegedUser {
  name: string;
  uid: number;
  gid: number;
}

const LAST_RESORT = 'nobody';

async function findUser(name: string): Promise<UnprivilegedUser | undefined> {
  const passwd = await readFile('/etc/passwd', 'utf8');
  for (const line of passwd.split('\n')) {
    const [user, , uid, gid] = line.split(':');
    if (user === name) return { name, uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}

/** Undefined where the process is not root and so has nothing to give up. Throws where it is and there is no user to become. */
export async function findUnprivilegedUser(name: string, log: Logger): Promise<UnprivilegedUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const user = await findUser(name);
  if (user) return user;
  log.warn({ missing: name, taken: LAST_RESORT }, 'the user to run as does not exist');
  const nobody = await findUser(LAST_RESORT);
  if (nobody) return nobody;
  throw new Error(`Neither ${name} nor ${LAST_RESORT} exists: name an existing user in MAILSTEAD_USER`);
}

/** For good: groups first, while they may still be changed. */
export function becomeUser({ gid, uid }: UnprivilegedUser): void {
  process.setgroups?.([gid]);
  process.setgid?.(gid);
  process.setuid?.(uid);
}
