import { z } from 'zod';
import { OperationError } from '../actor/errors.ts';
import { defineOperation } from '../operation.ts';
import { SETTING_KEYS, SETTINGS, type SettingKey } from './registry.ts';

const input = z.object({
  key: z.enum(SETTING_KEYS as [SettingKey, ...SettingKey[]]),
  /** Null puts the default back. */
  value: z.union([z.number(), z.boolean(), z.null()]),
});

/** Changes one setting; running engines hear of it at once. A wrong value is `invalid` on the field `value`. */
export const updateSetting = defineOperation({
  name: 'settings.update',
  allow: ['admin'],
  kind: 'write',
  input,
  run: async ({ db, actor, now }, { key, value }): Promise<{ key: SettingKey; value: number | boolean }> => {
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
