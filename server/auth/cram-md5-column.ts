import type { Context } from '../operation.ts';
import { readSettings } from '../settings/resolve-settings.ts';
import { deriveCramMd5Key, sealCramMd5 } from './cram-md5.ts';

/** What an account keeps of a new password for CRAM-MD5: nothing, unless the mechanism is offered now. */
export async function createCramMd5Column({ db, secret }: Context, password: string) {
  const { 'auth.cramMd5': isOffered } = await readSettings(db);
  if (!isOffered) return null;
  if (secret === undefined) throw new Error('A key for CRAM-MD5 needs the installation’s secret');
  return sealCramMd5(deriveCramMd5Key(secret), password);
}
