'use client';

import { useId } from 'react';
import { type Control, Controller, type FieldValues, type Path } from 'react-hook-form';
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from '../ui/select.tsx';
import { Field } from './field.tsx';

export interface Choice {
  value: string;
  label: string;
}

interface ChoiceFieldProps<Values extends FieldValues, Output> {
  control: Control<Values, unknown, Output>;
  name: Path<Values>;
  label: string;
  hint?: string;
  choices: readonly Choice[];
  disabled?: boolean;
}

/** One of a few, in a form. */
export function ChoiceField<Values extends FieldValues, Output>(props: ChoiceFieldProps<Values, Output>) {
  const id = useId();
  const { control, name, label, hint, choices, disabled = false } = props;
  return (
    <Controller
      control={control}
      name={name}
      render={({ field, fieldState }) => (
        <Select value={field.value} onValueChange={field.onChange} disabled={disabled}>
          <Field id={id} label={label} hint={hint} error={fieldState.error?.message}>
            <SelectTrigger ref={field.ref} onBlur={field.onBlur}>
              <SelectValue>{choices.find((choice) => choice.value === field.value)?.label}</SelectValue>
            </SelectTrigger>
          </Field>
          <SelectContent>
            {choices.map((choice) => (
              <SelectItem key={choice.value} value={choice.value}>
                {choice.label}
              </SelectItem>
            ))}
          </SelectContent>
        </Select>
      )}
    />
  );
}
