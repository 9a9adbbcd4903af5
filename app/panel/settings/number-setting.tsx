'use client';

import { RotateCcw } from 'lucide-react';
import { type FormEvent, useId } from 'react';
import type { SettingUnit } from '#server/settings/define-setting.ts';
import type { SettingKey } from '#server/settings/registry.ts';
import { updateSettingAction } from '@/actions/settings.ts';
import { useAct } from '@/components/act/use-act.ts';
import { Button } from '@/components/ui/button.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Tooltip } from '@/components/ui/tooltip.tsx';
import { quotaText, typedQuota } from '@/schemas/size.ts';
import { useTyped } from './use-typed.ts';

interface NumberSettingProps {
  settingKey: SettingKey;
  title: string;
  unit: SettingUnit;
  value: number;
  isDefault: boolean;
}

const UNIT_NAMES: Readonly<Partial<Record<SettingUnit, string>>> = {
  seconds: 'seconds',
  minutes: 'minutes',
  hours: 'hours',
  days: 'days',
};

function show(value: number, unit: SettingUnit): string {
  return unit === 'bytes' ? quotaText(value) : String(value);
}

/** What was typed as the setting's number, or undefined: the setting's own schema says what it may be. */
function parse(typed: string, unit: SettingUnit): number | undefined {
  if (unit === 'bytes') return typedQuota.safeParse(typed).data;
  return /^\d{1,15}$/.test(typed.trim()) ? Number(typed) : undefined;
}

export function NumberSetting({ settingKey, title, unit, value, isDefault }: NumberSettingProps) {
  const id = useId();
  const { pending, act } = useAct();
  const [typed, setTyped] = useTyped(show(value, unit));
  const number = parse(typed, unit);
  const wrong = number === undefined ? (unit === 'bytes' ? 'Enter a size like 50 MiB.' : 'Enter a whole number.') : '';
  const changed = typed !== show(value, unit);

  function save(next: number | null): void {
    const shown = next === null ? 'the default' : show(next, unit);
    act({
      run: () => updateSettingAction(settingKey, next),
      undo: () => updateSettingAction(settingKey, value),
      done: `${title}: ${shown}${next === null || !UNIT_NAMES[unit] ? '' : ` ${UNIT_NAMES[unit]}`}.`,
    });
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (number !== undefined && changed) save(number);
  }

  return (
    <form method="post" noValidate onSubmit={submit} className="flex flex-col items-end gap-1">
      <div className="flex items-center gap-2">
        {changed && (
          <Button type="submit" size="sm" pending={pending} disabled={wrong !== ''}>
            Save
          </Button>
        )}
        {!changed && !isDefault && (
          <Tooltip label="Put the default back">
            <Button
              variant="ghost"
              size="icon-sm"
              pending={pending}
              aria-label={`Default for ${title}`}
              onClick={() => save(null)}
            >
              {!pending && <RotateCcw aria-hidden />}
            </Button>
          </Tooltip>
        )}
        <Input
          value={typed}
          aria-label={UNIT_NAMES[unit] ? `${title}, ${UNIT_NAMES[unit]}` : title}
          aria-invalid={wrong ? true : undefined}
          aria-describedby={`${id}-wrong`}
          inputMode={unit === 'bytes' ? 'text' : 'numeric'}
          className="w-24 text-right tabular-nums"
          onChange={(event) => setTyped(event.target.value)}
        />
        <span className="w-14 text-muted-foreground text-xs">{UNIT_NAMES[unit]}</span>
      </div>
      <p id={`${id}-wrong`} role="status" className="text-destructive text-xs empty:hidden">
        {wrong}
      </p>
    </form>
  );
}
