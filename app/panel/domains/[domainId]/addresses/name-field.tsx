'use client';

import type { Control, FieldValues, Path } from 'react-hook-form';
import { TextField } from '@/components/form/text-field.tsx';

interface NameFieldProps<Values extends FieldValues, Output> {
  control: Control<Values, unknown, Output>;
  domain: { name: string };
}

/** The part before the @ of a new address; the form calls it `localPart`. */
export function NameField<Values extends FieldValues & { localPart: string }, Output>(
  props: NameFieldProps<Values, Output>,
) {
  return (
    <TextField
      control={props.control}
      name={'localPart' as Path<Values>}
      label="Name before the @"
      hint={`The address is name@${props.domain.name}.`}
      autoCapitalize="none"
      autoComplete="off"
    />
  );
}
