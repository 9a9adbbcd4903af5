'use client';

import type { SettingKey } from '#server/settings/registry.ts';
import { updateSettingAction } from '@/actions/settings.ts';
import { useAct } from '@/components/act/use-act.ts';
import { Switch } from '@/components/ui/switch.tsx';

interface SwitchSettingProps {
  settingKey: SettingKey;
  title: string;
  value: boolean;
}

export function SwitchSetting({ settingKey, title, value }: SwitchSettingProps) {
  const { pending, act } = useAct();
  return (
    <Switch
      aria-label={title}
      checked={value}
      disabled={pending}
      onCheckedChange={(on) =>
        act({
          run: () => updateSettingAction(settingKey, on),
          undo: () => updateSettingAction(settingKey, value),
          done: `${title}: ${on ? 'on' : 'off'}.`,
        })
      }
    />
  );
}
