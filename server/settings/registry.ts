/**
 * Every run-time setting: its type, its default, and the words the panel shows, one file an area. A row in `setting` exists only
 * where an admin chose something else. What needs a restart or belongs to one machine is configuration (`server/config.ts`), not here.
 */
import type { z } from 'zod';
import { auditSettings } from './areas/audit.ts';
import { connectionsSettings } from './areas/connections.ts';
import { limitsSettings } from './areas/limits.ts';
import { mailSettings } from './areas/mail.ts';
import { queueSettings } from './areas/queue.ts';
import { recipientCheckSettings } from './areas/recipient-check.ts';
import { relayingSettings } from './areas/relaying.ts';
import { signInSettings } from './areas/sign-in.ts';
import { signInProtectionSettings } from './areas/sign-in-protection.ts';

export const SETTINGS = {
  ...mailSettings,
  ...limitsSettings,
  ...recipientCheckSettings,
  ...relayingSettings,
  ...queueSettings,
  ...connectionsSettings,
  ...signInSettings,
  ...signInProtectionSettings,
  ...auditSettings,
} as const;

export type SettingKey = keyof typeof SETTINGS;
export type SettingValues = { readonly [Key in SettingKey]: z.output<(typeof SETTINGS)[Key]['schema']> };

export const SETTING_KEYS = Object.keys(SETTINGS) as SettingKey[];

export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(SETTINGS, key);
}
