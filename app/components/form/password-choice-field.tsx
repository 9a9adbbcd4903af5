'use client';

import { useId } from 'react';
import { type Control, type FieldValues, type Path, type PathValue, useController } from 'react-hook-form';
import { Label } from '../ui/label.tsx';
import { Switch } from '../ui/switch.tsx';
import { Field } from './field.tsx';
import { PasswordInput } from './password-input.tsx';

interface PasswordChoiceValues extends FieldValues {
  secret: { generate: boolean; password: string };
}

interface PasswordChoiceFieldProps<Values extends PasswordChoiceValues, Output> {
  control: Control<Values, unknown, Output>;
}

/** “Generate a password”, or type one. Its form value is `secret`. */
export function PasswordChoiceField<Values extends PasswordChoiceValues, Output>({
  control,
}: PasswordChoiceFieldProps<Values, Output>) {
  const id = useId();
  const generate = useController({ control, name: 'secret.generate' as Path<Values> });
  const password = useController({ control, name: 'secret.password' as Path<Values> });
  return (
    <>
      <div className="flex items-center justify-between gap-3">
        <Label htmlFor={`${id}-generate`}>Generate a password</Label>
        <Switch
          id={`${id}-generate`}
          checked={generate.field.value}
          onCheckedChange={(on) => generate.field.onChange(on as PathValue<Values, Path<Values>>)}
        />
      </div>
      {!generate.field.value && (
        <Field
          id={`${id}-password`}
          label="Password"
          hint="At least 10 characters; a few words in a row are good."
          error={password.fieldState.error?.message}
        >
          <PasswordInput autoComplete="new-password" {...password.field} />
        </Field>
      )}
    </>
  );
}
