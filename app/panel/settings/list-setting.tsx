'use client';

import { RotateCcw } from 'lucide-react';
import { type FormEvent, useId, useState, useTransition } from 'react';
import { toast } from 'sonner';
import type { SettingKey } from '#server/settings/registry.ts';
import { updateSettingAction } from '@/actions/settings.ts';
import { useAct } from '@/components/act/use-act.ts';
import { cn } from '@/components/class-names.ts';
import { refusalText } from '@/components/form/show-errors.ts';
import { Button } from '@/components/ui/button.tsx';
import { fieldClasses } from '@/components/ui/input.tsx';

interface ListSettingProps {
  settingKey: SettingKey;
  title: string;
  value: readonly string[];
  isDefault: boolean;
}

const MAX_ROWS = 10;

function linesOf(typed: string): string[] {
  return typed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Any number of entries, one a line. What is wrong with one is said under the field by the setting's own schema. */
export function ListSetting({ settingKey, title, value, isDefault }: ListSettingProps) {
  const id = useId();
  const { pending: undoing, act } = useAct();
  const [saving, startSaving] = useTransition();
  const [wrong, setWrong] = useState('');
  const [typed, setTyped] = useState(value.join('\n'));
  const lines = linesOf(typed);
  const changed = lines.join('\n') !== value.join('\n');

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!changed) return;
    startSaving(async () => {
      const result = await updateSettingAction(settingKey, lines);
      setWrong(result.ok ? '' : (result.fields.value ?? refusalText(result)));
      if (result.ok) toast.success(`${title}: ${lines.length} ${lines.length === 1 ? 'entry' : 'entries'}.`);
    });
  }

  return (
    <form method="post" noValidate onSubmit={submit} className="flex w-64 flex-col items-end gap-2 max-sm:w-full">
      <textarea
        value={typed}
        rows={Math.min(MAX_ROWS, Math.max(2, typed.split('\n').length))}
        spellCheck={false}
        autoCapitalize="none"
        placeholder="One a line"
        aria-label={`${title}, one a line`}
        aria-invalid={wrong ? true : undefined}
        aria-describedby={`${id}-wrong`}
        className={cn(fieldClasses, 'block resize-y py-1.5 font-mono text-xs leading-5 max-sm:text-base')}
        onChange={(event) => setTyped(event.target.value)}
      />
      <p id={`${id}-wrong`} role="status" className="self-stretch text-destructive text-xs empty:hidden">
        {wrong}
      </p>
      <div className="flex gap-2 empty:hidden">
        {changed && (
          <Button
            variant="ghost"
            size="sm"
            onClick={() => {
              setTyped(value.join('\n'));
              setWrong('');
            }}
          >
            Discard
          </Button>
        )}
        {changed && (
          <Button type="submit" size="sm" pending={saving}>
            Save
          </Button>
        )}
        {!changed && !isDefault && (
          <Button
            variant="ghost"
            size="sm"
            pending={undoing}
            aria-label={`Default for ${title}`}
            onClick={() =>
              act({
                run: () => updateSettingAction(settingKey, null),
                undo: () => updateSettingAction(settingKey, value),
                done: `${title}: the default.`,
              })
            }
          >
            {!undoing && <RotateCcw aria-hidden />}
            Default
          </Button>
        )}
      </div>
    </form>
  );
}
