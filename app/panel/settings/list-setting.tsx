'use client';

import type { SettingKey } from '#server/settings/registry.ts';
import { cn } from '@/components/class-names.ts';
import { fieldClasses } from '@/components/ui/input.tsx';
import { plural } from '@/format.ts';
import { TypedSetting } from './typed-setting.tsx';

interface ListSettingProps {
  settingKey: SettingKey;
  title: string;
  value: readonly string[];
  isDefault: boolean;
}

const MAX_ROWS = 10;

function linesOf(typed: string): readonly string[] {
  return typed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Any number of entries, one a line. */
export function ListSetting(props: ListSettingProps) {
  return (
    <TypedSetting
      {...props}
      show={(value) => value.join('\n')}
      read={linesOf}
      say={(value) => plural(value.length, 'entry', 'entries')}
    >
      {(field) => (
        <textarea
          {...field}
          rows={Math.min(MAX_ROWS, Math.max(2, field.value.split('\n').length))}
          spellCheck={false}
          autoCapitalize="none"
          placeholder="One a line"
          aria-label={`${props.title}, one a line`}
          className={cn(fieldClasses, 'block resize-y py-1.5 font-mono text-xs leading-5 max-sm:text-base')}
        />
      )}
    </TypedSetting>
  );
}
