'use client';

import { useId } from 'react';
import { type Control, type FieldValues, type Path, useController } from 'react-hook-form';
import { Checkbox } from '../ui/checkbox.tsx';
import type { Choice } from './choice-field.tsx';

interface CheckListFieldProps<Values extends FieldValues, Output> {
  control: Control<Values, unknown, Output>;
  name: Path<Values>;
  label: string;
  choices: readonly Choice[];
  /** What it says when there is nothing to choose. */
  empty: string;
}

/** Some of many, in a form; its value is the chosen values. */
export function CheckListField<Values extends FieldValues, Output>(props: CheckListFieldProps<Values, Output>) {
  const id = useId();
  const { control, name, label, choices, empty } = props;
  const { field, fieldState } = useController({ control, name });
  const chosen: readonly string[] = field.value;
  const toggle = (value: string, on: boolean): void => {
    field.onChange(on ? [...chosen, value] : chosen.filter((one) => one !== value));
  };
  return (
    <fieldset aria-describedby={`${id}-error`} className="flex min-w-0 flex-col gap-1.5">
      <legend className="mb-1.5 font-medium text-sm">{label}</legend>
      <div className="max-h-56 overflow-y-auto rounded-md border bg-background/50">
        {choices.map((choice, index) => (
          <label
            key={choice.value}
            htmlFor={`${id}-${choice.value}`}
            className="flex items-center gap-2.5 px-2.5 py-1.5 text-sm hover:bg-accent/60"
          >
            <Checkbox
              id={`${id}-${choice.value}`}
              {...(index === 0 && { ref: field.ref })}
              checked={chosen.includes(choice.value)}
              onCheckedChange={(on) => toggle(choice.value, on === true)}
            />
            <span className="min-w-0 truncate">{choice.label}</span>
          </label>
        ))}
        {choices.length === 0 && <p className="px-2.5 py-3 text-muted-foreground text-sm">{empty}</p>}
      </div>
      <p id={`${id}-error`} role="status" className="text-destructive text-xs empty:hidden">
        {fieldState.error?.message}
      </p>
    </fieldset>
  );
}
