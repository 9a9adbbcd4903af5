'use client';

import { type ComponentProps, type ReactNode, useId } from 'react';
import { type Control, type FieldValues, type Path, useController } from 'react-hook-form';
import { Input } from '../ui/input.tsx';
import { Field } from './field.tsx';

interface TextFieldProps<Values extends FieldValues, Output> extends Omit<ComponentProps<'input'>, 'name' | 'id'> {
  control: Control<Values, unknown, Output>;
  name: Path<Values>;
  label: string;
  hint?: ReactNode;
}

/** One line of text, in a form. */
export function TextField<Values extends FieldValues, Output>(props: TextFieldProps<Values, Output>) {
  const id = useId();
  const { control, name, label, hint, className, ...input } = props;
  const { field, fieldState } = useController({ control, name });
  return (
    <Field id={id} label={label} hint={hint} error={fieldState.error?.message} className={className ?? ''}>
      <Input {...input} {...field} />
    </Field>
  );
}
