'use client';

import { RotateCcw } from 'lucide-react';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import type { SettingKey } from '#server/settings/registry.ts';
import type { ActionResult } from '@/actions/result.ts';
import { updateSettingAction } from '@/actions/settings.ts';
import { useAct } from '@/components/act/use-act.ts';
import { refusalText } from '@/components/form/show-errors.ts';
import { keepFocus } from '@/components/form/submit-button.tsx';
import { Button } from '@/components/ui/button.tsx';
import { useTyped } from './use-typed.ts';

type TypedValue = string | readonly string[];

interface FieldProps {
  value: string;
  'aria-invalid': true | undefined;
  'aria-describedby': string;
  onChange: (event: { target: { value: string } }) => void;
}

interface TypedSettingProps<Value extends TypedValue> {
  settingKey: SettingKey;
  title: string;
  value: Value;
  isDefault: boolean;
  /** As it stands in the field. */
  show: (value: Value) => string;
  read: (typed: string) => Value;
  /** What the toast says of it. */
  say: (value: Value) => string;
  children: (field: FieldProps) => ReactNode;
}

function ChangedButtons({ pending, onDiscard }: { pending: boolean; onDiscard: () => void }) {
  return (
    <>
      <Button variant="ghost" size="sm" onMouseDown={keepFocus} onClick={onDiscard}>
        Discard
      </Button>
      <Button type="submit" size="sm" pending={pending} onMouseDown={keepFocus}>
        Save
      </Button>
    </>
  );
}

/** Something to type and save. What is wrong with it is said under the field by the setting's own schema. */
export function TypedSetting<Value extends TypedValue>(props: TypedSettingProps<Value>) {
  const { settingKey, title, value, isDefault, show, read, say, children } = props;
  const id = useId();
  const { pending, act } = useAct();
  const [wrong, setWrong] = useState('');
  const saved = show(value);
  const [typed, setTyped] = useTyped(saved);
  const next = read(typed);
  const changed = show(next) !== saved;

  function type(text: string): void {
    setTyped(text);
    setWrong('');
  }

  /** The field and the toast then show what is kept: the one spelling, which may be what was there before. */
  async function update(to: Value | null): Promise<ActionResult<{ said: string }>> {
    const result = await updateSettingAction(settingKey, to);
    if (!result.ok) return result;
    const kept = result.data.value as Value;
    type(show(kept));
    return { ok: true, data: { said: `${title}: ${to === null ? 'the default' : say(kept)}.` } };
  }

  function save(to: Value | null): void {
    act({
      run: () => update(to),
      undo: () => updateSettingAction(settingKey, value),
      done: `${title}: saved.`,
      refused: (refusal) => setWrong(refusal.fields.value ?? refusalText(refusal)),
    });
  }

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (changed) save(next);
  }

  return (
    <form method="post" noValidate onSubmit={submit} className="flex w-64 flex-col items-end gap-2 max-sm:w-full">
      {children({
        value: typed,
        'aria-invalid': wrong ? true : undefined,
        'aria-describedby': `${id}-wrong`,
        onChange: (event) => type(event.target.value),
      })}
      <p id={`${id}-wrong`} role="status" className="wrap-anywhere self-stretch text-destructive text-xs empty:hidden">
        {wrong}
      </p>
      <div className="flex gap-2 empty:hidden">
        {changed && <ChangedButtons pending={pending} onDiscard={() => type(saved)} />}
        {!changed && !isDefault && (
          <Button
            variant="ghost"
            size="sm"
            pending={pending}
            aria-label={`Default for ${title}`}
            onClick={() => save(null)}
          >
            {!pending && <RotateCcw aria-hidden />}
            Default
          </Button>
        )}
      </div>
    </form>
  );
}
