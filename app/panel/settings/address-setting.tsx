'use client';

import type { SettingKey } from '#server/settings/registry.ts';
import { Input } from '@/components/ui/input.tsx';
import { TypedSetting } from './typed-setting.tsx';

interface AddressSettingProps {
  settingKey: SettingKey;
  title: string;
  /** Empty: none. */
  value: string;
  isDefault: boolean;
}

/** An email address or none. */
export function AddressSetting(props: AddressSettingProps) {
  return (
    <TypedSetting {...props} show={(value) => value} read={(typed) => typed.trim()} say={(value) => value || 'nobody'}>
      {(field) => (
        <Input
          {...field}
          inputMode="email"
          placeholder="Nobody"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          aria-label={props.title}
        />
      )}
    </TypedSetting>
  );
}
