'use client';

import { useId } from 'react';
import { type Control, type FieldValues, type Path, useController } from 'react-hook-form';
import { Checkbox } from '../ui/checkbox.tsx';

interface CheckFieldProps<Values extends FieldValues, Output> {
  control: Control<Values, unknown, Output>;
  name: Path<Values>;
  label: string;
  hint?: string;
}

/** One yes or no, in a form. */
export function CheckField<Values extends FieldValues, Output>(props: CheckFieldProps<Values, Output>) {
  const id = useId();
  const { control, name, label, hint } = props;
  const { field } = useController({ control, name });
  return (
    <div className="flex items-start gap-2.5">
      <Checkbox
        id={id}
        className="mt-0.5"
        checked={field.value}
        onCheckedChange={(on) => field.onChange(on === true)}
        {...(hint && { 'aria-describedby': `${id}-hint` })}
      />
      <div className="min-w-0">
        <label htmlFor={id} className="text-sm">
          {label}
        </label>
        {hint && (
          <p id={`${id}-hint`} className="text-muted-foreground text-xs">
            {hint}
          </p>
        )}
      </div>
    </div>
  );
}
