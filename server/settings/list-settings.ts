import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import type { SettingArea, SettingUnit, SettingValue } from './define-setting.ts';
import { SETTING_KEYS, SETTINGS, type SettingKey } from './registry.ts';
import { resolveSettings } from './resolve-settings.ts';

export interface SettingView {
  key: SettingKey;
  area: SettingArea;
  title: string;
  description: string;
  unit: SettingUnit;
  value: SettingValue;
  default: SettingValue;
  /** Of unit `choice`: what may be chosen, with its words. */
  choices?: Readonly<Record<string, string>>;
  /** Who changed it and when (ISO 8601); null where the default holds. */
  changed: { at: string; by: string } | null;
}

/** Every setting with its value, in the registry's order. */
export const listSettings = defineOperation({
  name: 'settings.list',
  allow: ['admin'],
  kind: 'read',
  input: z.object({}),
  run: async ({ db }): Promise<SettingView[]> => {
    const rows = await db.setting.findMany();
    const values = resolveSettings(rows);
    const stored = new Map(rows.map((row) => [row.key, row]));
    return SETTING_KEYS.map((key) => {
      const { schema: _, ...shown } = SETTINGS[key];
      const row = stored.get(key);
      const changed = row ? { at: row.updatedAt.toISOString(), by: row.updatedBy } : null;
      return { key, ...shown, value: values[key], changed };
    });
  },
});
