'use client';

import type { Control, FieldValues, Path } from 'react-hook-form';
import { TextField } from '@/components/form/text-field.tsx';

interface LimitValues extends FieldValues {
  maxDomains: string;
  maxAccounts: string;
}

/** How much a reseller may have. */
export function LimitFields<Values extends LimitValues, Output>({
  control,
}: {
  control: Control<Values, unknown, Output>;
}) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        control={control}
        name={'maxDomains' as Path<Values>}
        label="Domains at most"
        hint="Empty for no limit."
        inputMode="numeric"
      />
      <TextField
        control={control}
        name={'maxAccounts' as Path<Values>}
        label="Mailboxes at most"
        hint="Empty for no limit."
        inputMode="numeric"
      />
    </div>
  );
}
