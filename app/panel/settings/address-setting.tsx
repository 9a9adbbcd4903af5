'use client';

import { type FormEvent, useId, useState, useTransition } from 'react';
import { toast } from 'sonner';
import type { SettingKey } from '#server/settings/registry.ts';
import { updateSettingAction } from '@/actions/settings.ts';
import { refusalText } from '@/components/form/show-errors.ts';
import { Button } from '@/components/ui/button.tsx';
import { Input } from '@/components/ui/input.tsx';

interface AddressSettingProps {
  settingKey: SettingKey;
  title: string;
  /** Empty: none. */
  value: string;
}

/** An email address or none. What is wrong with it is said under the field by the setting's own schema. */
export function AddressSetting({ settingKey, title, value }: AddressSettingProps) {
  const id = useId();
  const [saving, startSaving] = useTransition();
  const [wrong, setWrong] = useState('');
  const [typed, setTyped] = useState(value);
  const next = typed.trim();
  const changed = next !== value;

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (!changed) return;
    startSaving(async () => {
      const result = await updateSettingAction(settingKey, next === '' ? null : next);
      setWrong(result.ok ? '' : (result.fields.value ?? refusalText(result)));
      if (result.ok) toast.success(`${title}: ${next === '' ? 'nobody' : next}.`);
    });
  }

  return (
    <form method="post" noValidate onSubmit={submit} className="flex w-64 flex-col items-end gap-2 max-sm:w-full">
      <Input
        type="email"
        value={typed}
        placeholder="Nobody"
        autoComplete="off"
        spellCheck={false}
        aria-label={title}
        aria-invalid={wrong ? true : undefined}
        aria-describedby={`${id}-wrong`}
        onChange={(event) => setTyped(event.target.value)}
      />
      <p id={`${id}-wrong`} role="status" className="self-stretch text-destructive text-xs empty:hidden">
        {wrong}
      </p>
      {changed && (
        <Button type="submit" size="sm" pending={saving}>
          Save
        </Button>
      )}
    </form>
  );
}
