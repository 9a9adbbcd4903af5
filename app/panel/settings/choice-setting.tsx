'use client';

import type { SettingKey } from '#server/settings/registry.ts';
import { updateSettingAction } from '@/actions/settings.ts';
import { useAct } from '@/components/act/use-act.ts';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '@/components/ui/select.tsx';

interface ChoiceSettingProps {
  settingKey: SettingKey;
  title: string;
  /** Name → words. */
  choices: Readonly<Record<string, string>>;
  value: string;
}

/** One of a few; what is chosen holds at once. */
export function ChoiceSetting({ settingKey, title, choices, value }: ChoiceSettingProps) {
  const { pending, act } = useAct();
  function choose(next: string): void {
    act({
      run: () => updateSettingAction(settingKey, next),
      undo: () => updateSettingAction(settingKey, value),
      done: `${title}: ${choices[next] ?? next}.`,
    });
  }
  return (
    <Select value={value} onValueChange={choose} disabled={pending}>
      <SelectTrigger aria-label={title} className="w-64 max-sm:w-full">
        <SelectValue>{choices[value] ?? value}</SelectValue>
      </SelectTrigger>
      <SelectContent>
        {Object.entries(choices).map(([name, words]) => (
          <SelectItem key={name} value={name}>
            {words}
          </SelectItem>
        ))}
      </SelectContent>
    </Select>
  );
}
