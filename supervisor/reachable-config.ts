/**
 * The configuration, with a `var` folder that the unprivileged user can reach: as root in a checkout below a private folder (`/root/…`)
 * it lies in `/var/lib/mailstead` instead, where PostgreSQL may have its data.
 */
import { dirname } from 'node:path';
import { type Config, readConfig } from '#server/config.ts';
import { canReach, ensureSystemUser } from './system-user.ts';

const ROOT = dirname(import.meta.dirname);
const ELSEWHERE = '/var/lib/mailstead';

export async function readReachableConfig(): Promise<Config> {
  const config = readConfig(process.env);
  if (process.getuid?.() !== 0 || !config.varDir.startsWith(`${ROOT}/`)) return config;
  const user = await ensureSystemUser(config.runAsUser);
  if (!user || (await canReach(user, ROOT))) return config;
  return readConfig({ ...process.env, MAILSTEAD_VAR: `${ELSEWHERE}${config.varDir.slice(ROOT.length)}` });
}
