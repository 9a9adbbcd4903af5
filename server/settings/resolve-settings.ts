/** Rows of `setting` → the value of every setting. A stored value its schema no longer accepts counts as not stored, and is logged. */
import type { Database } from '../database/prisma.ts';
import { logger } from '../logger.ts';
import { isSettingKey, SETTING_KEYS, SETTINGS, type SettingValues } from './registry.ts';

const log = logger('settings');

export function resolveSettings(rows: readonly { key: string; value: unknown }[]): SettingValues {
  const values: Record<string, unknown> = {};
  for (const key of SETTING_KEYS) values[key] = SETTINGS[key].default;
  for (const { key, value } of rows) {
    if (!isSettingKey(key)) continue;
    const parsed = SETTINGS[key].schema.safeParse(value);
    if (parsed.success) values[key] = parsed.data;
    else log.warn({ key }, 'stored setting is not valid, using the default');
  }
  return values as SettingValues;
}

/** The settings as they are now. */
export async function readSettings(db: Database): Promise<SettingValues> {
  return resolveSettings(await db.setting.findMany({ select: { key: true, value: true } }));
}
