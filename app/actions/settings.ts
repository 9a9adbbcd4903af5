'use server';

import type { SettingValue } from '#server/settings/define-setting.ts';
import type { SettingKey } from '#server/settings/registry.ts';
import { updateSetting } from '#server/settings/update-setting.ts';
import { act } from './act.ts';
import type { ActionResult } from './result.ts';

/** `value` null puts the default back. */
export async function updateSettingAction(
  key: SettingKey,
  value: SettingValue | null,
): Promise<ActionResult<{ value: SettingValue }>> {
  return act(updateSetting, { key, value });
}
