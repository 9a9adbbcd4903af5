'use client';

import { useId } from 'react';
import { type Control, type FieldValues, type Path, useController } from 'react-hook-form';
import { cn } from '../class-names.ts';
import { Field } from '../form/field.tsx';
import { fieldClasses } from '../ui/input.tsx';

interface PemFieldProps<Values extends FieldValues, Output> {
  control: Control<Values, unknown, Output>;
  name: Path<Values>;
  label: string;
  hint: string;
  placeholder: string;
}

/** PEM text, pasted or out of a file. */
export function PemField<Values extends FieldValues, Output>(props: PemFieldProps<Values, Output>) {
  const id = useId();
  const { control, name, label, hint, placeholder } = props;
  const { field, fieldState } = useController({ control, name });

  async function readInto(file: File | undefined): Promise<void> {
    if (file) field.onChange(await file.text());
  }

  return (
    <div className="space-y-1.5">
      <Field id={id} label={label} hint={hint} error={fieldState.error?.message}>
        <textarea
          {...field}
          rows={5}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="none"
          placeholder={placeholder}
          className={cn(fieldClasses, 'block resize-y py-1.5 font-mono text-xs leading-5')}
        />
      </Field>
      <input
        type="file"
        accept=".pem,.crt,.cer,.key,text/plain"
        aria-label={`${label} from a file`}
        className="block max-w-full text-muted-foreground text-xs file:mr-2 file:cursor-pointer file:rounded-md file:border file:border-input file:border-solid file:bg-surface file:px-2 file:py-1 file:text-foreground"
        onChange={(event) => void readInto(event.target.files?.[0])}
      />
    </div>
  );
}
