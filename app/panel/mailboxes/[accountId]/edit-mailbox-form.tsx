'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod';
import type { AccountView } from '#server/accounts/account-view.ts';
import { displayNameInput } from '#server/input/text.ts';
import { updateAccountAction } from '@/actions/accounts.ts';
import { SettingsForm } from '@/components/form/settings-form.tsx';
import { showErrors } from '@/components/form/show-errors.ts';
import { TextField } from '@/components/form/text-field.tsx';
import { limitText, typedReceiveLimit } from '@/schemas/limit.ts';
import { quotaText, typedQuota } from '@/schemas/size.ts';

const schema = z.object({
  displayName: displayNameInput,
  quotaBytes: typedQuota,
  receivePerHour: typedReceiveLimit,
  receivePerDay: typedReceiveLimit,
});

export function EditMailboxForm({ mailbox }: { mailbox: AccountView }) {
  const { control, handleSubmit, formState, setError, reset, getValues } = useForm({
    resolver: zodResolver(schema),
    mode: 'onTouched',
    defaultValues: {
      displayName: mailbox.displayName,
      quotaBytes: quotaText(mailbox.quotaBytes),
      receivePerHour: limitText(mailbox.receivePerHour),
      receivePerDay: limitText(mailbox.receivePerDay),
    },
  });

  async function submit(input: z.output<typeof schema>): Promise<void> {
    const result = await updateAccountAction({ id: mailbox.id, ...input });
    if (!result.ok) {
      showErrors(result, setError, ['displayName', 'quotaBytes', 'receivePerHour', 'receivePerDay']);
      return;
    }
    reset(getValues());
    toast.success('Saved.');
  }

  return (
    <SettingsForm
      onSubmit={handleSubmit(submit)}
      pending={formState.isSubmitting}
      isDirty={formState.isDirty}
      refusal={formState.errors.root?.message}
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
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          control={control}
          name="receivePerHour"
          label="Messages taken per hour"
          hint="Empty: as the host sets it. 0: any number."
          inputMode="numeric"
        />
        <TextField
          control={control}
          name="receivePerDay"
          label="Messages taken per day"
          hint="More are refused for now."
          inputMode="numeric"
        />
      </div>
    </SettingsForm>
  );
}
