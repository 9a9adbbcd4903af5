'use client';

import { type ComponentProps, type ReactNode, useId } from 'react';
import { type Control, type FieldValues, type Path, useController } from 'react-hook-form';
import { cn } from '../class-names.ts';
import { fieldClasses } from '../ui/input.tsx';
import { Field } from './field.tsx';

interface TextAreaFieldProps<Values extends FieldValues, Output>
  extends Omit<ComponentProps<'textarea'>, 'name' | 'id'> {
  control: Control<Values, unknown, Output>;
  name: Path<Values>;
  label: string;
  hint?: ReactNode;
}

/** Several lines of text, in a form. */
export function TextAreaField<Values extends FieldValues, Output>(props: TextAreaFieldProps<Values, Output>) {
  const id = useId();
  const { control, name, label, hint, className, ...area } = props;
  const { field, fieldState } = useController({ control, name });
  return (
    <Field id={id} label={label} hint={hint} error={fieldState.error?.message}>
      <textarea {...area} {...field} className={cn(fieldClasses, 'block resize-y py-1.5 leading-6', className)} />
    </Field>
  );
}
