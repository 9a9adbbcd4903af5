'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import type { CreatedAccount } from '#server/accounts/create-account.ts';
import { displayNameInput } from '#server/input/text.ts';
import { createAccountAction } from '@/actions/accounts.ts';
import { ChoiceField } from '@/components/form/choice-field.tsx';
import { FormAlert } from '@/components/form/form-alert.tsx';
import { FormFooter } from '@/components/form/form-footer.tsx';
import { PasswordChoiceField } from '@/components/form/password-choice-field.tsx';
import { showErrors } from '@/components/form/show-errors.ts';
import { TextField } from '@/components/form/text-field.tsx';
import { DialogBody } from '@/components/ui/dialog.tsx';
import { useCloseDialog } from '@/components/url-dialog.tsx';
import { typedLocalPart } from '@/schemas/local-part.ts';
import { chosenPassword, passwordChoice } from '@/schemas/password-choice.ts';
import { quotaText, typedQuota } from '@/schemas/size.ts';
import { PasswordResult } from './password-result.tsx';

const schema = z.object({
  domainId: z.string().min(1, 'Choose a domain.'),
  localPart: typedLocalPart,
  displayName: displayNameInput,
  quotaBytes: typedQuota,
  secret: passwordChoice,
});

interface CreateMailboxFormProps {
  domains: readonly { id: string; name: string; defaultQuotaBytes: number }[];
}

export function CreateMailboxForm({ domains }: CreateMailboxFormProps) {
  const close = useCloseDialog();
  const [created, setCreated] = useState<CreatedAccount>();
  const [first] = domains;
  const { control, handleSubmit, formState, setError } = useForm({
    resolver: zodResolver(schema),
    mode: 'onTouched',
    defaultValues: {
      domainId: first?.id ?? '',
      localPart: '',
      displayName: '',
      quotaBytes: quotaText(first?.defaultQuotaBytes ?? 0),
      secret: { generate: true as boolean, password: '' },
    },
  });

  async function submit({ secret, ...input }: z.output<typeof schema>): Promise<void> {
    const result = await createAccountAction({ ...input, ...chosenPassword(secret) });
    if (result.ok) {
      setCreated(result.data);
      return;
    }
    const { password, ...fields } = result.fields;
    const renamed = { ...result, fields: { ...fields, ...(password && { 'secret.password': password }) } };
    showErrors(renamed, setError, ['domainId', 'localPart', 'displayName', 'quotaBytes', 'secret.password']);
  }

  if (created) {
    const { account, generatedPassword } = created;
    return <PasswordResult address={account.address} done="is ready." password={generatedPassword} onClose={close} />;
  }
  return (
    <form method="post" noValidate onSubmit={(event) => void handleSubmit(submit)(event)}>
      <DialogBody>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            control={control}
            name="localPart"
            label="Name before the @"
            autoCapitalize="none"
            autoComplete="off"
          />
          <ChoiceField
            control={control}
            name="domainId"
            label="Domain"
            choices={domains.map(({ id, name }) => ({ value: id, label: `@${name}` }))}
          />
        </div>
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
          hint="Like 500 MiB or 2 GiB; empty for no limit."
        />
        <PasswordChoiceField control={control} />
        <FormAlert message={formState.errors.root?.message} />
      </DialogBody>
      <FormFooter submit="Add mailbox" pending={formState.isSubmitting} onCancel={close} />
    </form>
  );
}
