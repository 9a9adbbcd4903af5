/** What a setting is made of; the areas define theirs with it, and `registry.ts` puts them together. */
import { z } from 'zod';
import { mailAddressInput } from '../addresses/mail-address-input.ts';
import { networkInput } from '../input/network.ts';

export type SettingUnit =
  | ('bytes' | 'seconds' | 'minutes' | 'hours' | 'days' | 'count')
  | ('switch' | 'choice' | 'list' | 'address');
export type SettingArea = 'mail' | 'smtp' | 'limits' | 'queue' | 'connections' | 'sign-in' | 'audit';

/**
 * What a setting of any kind may hold; one of unit `choice` is one of its choices, one of `list` any number of lines, one of `address` an
 * email address or nothing.
 */
export type SettingValue = number | boolean | string | readonly string[];

interface SettingDefinition<Schema extends z.ZodType> {
  schema: Schema;
  default: z.output<Schema>;
  title: string;
  description: string;
  unit: SettingUnit;
  area: SettingArea;
  /** Of unit `choice`: what may be chosen, each with the words the panel shows for it. */
  choices?: Readonly<Record<string, string>>;
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

/** An email address, here or anywhere, or none. */
export const addressOrNone = z.string({ error: 'Enter an email address.' }).transform((typed, issues) => {
  if (typed.trim() === '') return '';
  const { data, error } = mailAddressInput.safeParse(typed);
  if (data !== undefined) return data;
  issues.addIssue({ code: 'custom', message: error?.issues[0]?.message ?? 'Enter an email address.' });
  return z.NEVER;
});

const MAX_ENTRIES = 1_000;

/** One of the names of `choices`: `schema: oneOf(CHOICES), choices: CHOICES, unit: 'choice'`. */
export function oneOf<const Choices extends Readonly<Record<string, string>>>(choices: Choices) {
  const names = Object.keys(choices) as [keyof Choices & string, ...(keyof Choices & string)[]];
  return z.enum(names, { error: `Choose one of ${names.join(', ')}.` });
}

/** Lines, each of which `entry` accepts; empty lines go and no entry is kept twice. */
export function listOf(entry: z.ZodType<string, string>) {
  return z
    .array(z.string(), { error: 'Enter one a line.' })
    .transform((lines) => lines.filter((line) => line.trim() !== ''))
    .pipe(z.array(entry).max(MAX_ENTRIES, `Enter at most ${MAX_ENTRIES.toLocaleString('en')}.`))
    .transform((entries): readonly string[] => [...new Set(entries)]);
}

export const networkList = listOf(networkInput);
