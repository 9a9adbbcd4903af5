import { z } from 'zod';
import { SYSTEM } from '#server/actor/actor.ts';
import { createPrisma } from '#server/database/prisma.ts';
import type { SettingUnit, SettingValue } from '#server/settings/define-setting.ts';
import { SETTING_KEYS, SETTINGS, type SettingKey } from '#server/settings/registry.ts';
import { updateSetting } from '#server/settings/update-setting.ts';
import type { CommandContext } from './context.ts';

const value = z.union([z.number(), z.boolean(), z.string(), z.array(z.string()), z.null()]);

function parseJson(text: string): SettingValue | null {
  try {
    return value.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${text} is not a value: give a number, true, false, or null for the default`, { cause });
  }
}

/** A choice is given by its name, an address as it is (`''` is none), a list as its entries, one an argument, or as JSON (`[]` is the empty list). */
function parseValue(unit: SettingUnit, args: readonly string[]): SettingValue | null {
  const [first = ''] = args;
  if (first === 'null') return null;
  if (unit === 'choice' || (unit === 'address' && args.length > 0)) return first;
  if (unit === 'list' && args.length > 0 && !first.startsWith('[')) return args;
  return parseJson(first);
}

function requireKey(text: string): SettingKey {
  const key = SETTING_KEYS.find((candidate) => candidate === text);
  if (!key) throw new Error(`There is no setting ${text}. There are:\n  ${SETTING_KEYS.join('\n  ')}`);
  return key;
}

/** `mailstead set KEY VALUE…`: the same operation as the panel's settings page. */
export async function setCommand({ databaseUrl }: CommandContext, args: readonly string[]): Promise<number> {
  const key = requireKey(args[0] ?? '');
  const wanted = parseValue(SETTINGS[key].unit, args.slice(1));
  const db = createPrisma(databaseUrl, 1);
  try {
    const result = await updateSetting({ db, actor: SYSTEM, now: () => new Date() }, { key, value: wanted });
    process.stdout.write(`${result.key} = ${JSON.stringify(result.value)}\n`);
    return 0;
  } finally {
    await db.$disconnect();
  }
}
