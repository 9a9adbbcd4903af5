import { z } from 'zod';
import { OperationError } from '../actor/errors.ts';
import { defineOperation } from '../operation.ts';
import type { SettingValue } from './define-setting.ts';
import { SETTING_KEYS, SETTINGS, type SettingKey } from './registry.ts';

/** How much may come at all; the setting's own schema says what of it may be. */
const text = z.string().max(1_000, 'This is too long.');

const input = z.object({
  key: z.enum(SETTING_KEYS as [SettingKey, ...SettingKey[]]),
  /** Null puts the default back. */
  value: z.union([z.number(), z.boolean(), text, z.array(text).max(10_000).readonly(), z.null()]),
});

/** Changes one setting; running engines hear of it at once. A wrong value is `invalid` on the field `value`. */
export const updateSetting = defineOperation({
  name: 'settings.update',
  allow: ['admin'],
  kind: 'write',
  input,
  run: async ({ db, actor, now }, { key, value }): Promise<{ key: SettingKey; value: SettingValue }> => {
    const setting = SETTINGS[key];
    if (value === null) {
      await db.setting.deleteMany({ where: { key } });
      return { key, value: setting.default };
    }
    const parsed = setting.schema.safeParse(value);
    if (!parsed.success) {
      const message = parsed.error.issues[0]?.message ?? 'This value cannot be used.';
      throw new OperationError('invalid', message, { value: message });
    }
    const row = { value: parsed.data, updatedAt: now(), updatedBy: actor.label };
    await db.setting.upsert({ where: { key }, create: { key, ...row }, update: row });
    return { key, value: parsed.data };
  },
  target: ({ key }) => key,
});
