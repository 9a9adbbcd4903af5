/** What a setting is made of; the areas define theirs with it, and `registry.ts` puts them together. */
import { z } from 'zod';

export type SettingUnit = 'bytes' | 'seconds' | 'minutes' | 'hours' | 'days' | 'count' | 'switch' | 'choice' | 'list';
export type SettingArea = 'mail' | 'smtp' | 'limits' | 'queue' | 'connections' | 'sign-in' | 'audit';

interface SettingDefinition<Schema extends z.ZodType> {
  schema: Schema;
  default: z.output<Schema>;
  title: string;
  description: string;
  unit: SettingUnit;
  area: SettingArea;
}

export function defineSetting<Schema extends z.ZodType>(
  definition: SettingDefinition<Schema>,
): SettingDefinition<Schema> {
  return definition;
}

export function wholeNumber(min: number, max: number) {
  const text = `Enter a whole number from ${min.toLocaleString('en')} to ${max.toLocaleString('en')}.`;
  return z.number({ error: text }).int(text).min(min, text).max(max, text);
}

export const onOrOff = z.boolean({ error: 'Choose on or off.' });
