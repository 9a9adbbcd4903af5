'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod';
import { displayNameInput } from '#server/input/text.ts';
import { updateAccountAction } from '@/actions/accounts.ts';
import { FormAlert } from '@/components/form/form-alert.tsx';
import { showErrors } from '@/components/form/show-errors.ts';
import { SubmitButton } from '@/components/form/submit-button.tsx';
import { TextField } from '@/components/form/text-field.tsx';
import { quotaText, typedQuota } from '@/schemas/size.ts';

const schema = z.object({ displayName: displayNameInput, quotaBytes: typedQuota });

interface EditMailboxFormProps {
  accountId: string;
  displayName: string;
  quotaBytes: number;
}

export function EditMailboxForm({ accountId, displayName, quotaBytes }: EditMailboxFormProps) {
  const { control, handleSubmit, formState, setError, reset, getValues } = useForm({
    resolver: zodResolver(schema),
    mode: 'onTouched',
    defaultValues: { displayName, quotaBytes: quotaText(quotaBytes) },
  });

  async function submit(input: z.output<typeof schema>): Promise<void> {
    const result = await updateAccountAction({ id: accountId, ...input });
    if (!result.ok) {
      showErrors(result, setError, ['displayName', 'quotaBytes']);
      return;
    }
    reset(getValues());
    toast.success('Saved.');
  }

  return (
    <form
      method="post"
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => void handleSubmit(submit)(event)}
    >
      <TextField
        control={control}
        name="displayName"
        label="Whose it is"
        hint="A person's or a team's name; may be empty."
      />
      <TextField
        control={control}
        name="quotaBytes"
        label="Quota"
        hint="Like 500 MiB or 2 GiB; empty for no limit. Below what is used, no new mail is taken until there is room."
      />
      <FormAlert message={formState.errors.root?.message} />
      <SubmitButton className="self-start" pending={formState.isSubmitting} disabled={!formState.isDirty}>
        Save
      </SubmitButton>
    </form>
  );
}
