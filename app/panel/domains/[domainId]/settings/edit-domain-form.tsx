'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod';
import type { DomainView } from '#server/domains/domain-view.ts';
import { updateDomainAction } from '@/actions/domains.ts';
import { type Choice, ChoiceField } from '@/components/form/choice-field.tsx';
import { SettingsForm } from '@/components/form/settings-form.tsx';
import { showErrors } from '@/components/form/show-errors.ts';
import { TextField } from '@/components/form/text-field.tsx';
import { chosenId, NONE } from '@/schemas/choice.ts';
import { limitText, typedLimit } from '@/schemas/limit.ts';
import { quotaText, typedQuota } from '@/schemas/size.ts';

const schema = z.object({
  ownerId: chosenId,
  resellerId: chosenId,
  defaultQuotaBytes: typedQuota,
  maxAccounts: typedLimit,
});

interface EditDomainFormProps {
  domain: DomainView;
  owners: readonly Choice[];
  /** For admins. */
  resellers?: readonly Choice[];
}

export function EditDomainForm({ domain, owners, resellers }: EditDomainFormProps) {
  const { control, handleSubmit, formState, setError, reset, getValues } = useForm({
    resolver: zodResolver(schema),
    mode: 'onTouched',
    defaultValues: {
      ownerId: domain.owner?.id ?? NONE,
      resellerId: domain.reseller?.id ?? NONE,
      defaultQuotaBytes: quotaText(domain.defaultQuotaBytes),
      maxAccounts: limitText(domain.maxAccounts),
    },
  });

  async function submit({ ownerId, resellerId, ...limits }: z.output<typeof schema>): Promise<void> {
    const { dirtyFields } = formState;
    const people = dirtyFields.ownerId || dirtyFields.resellerId ? { ownerId, ...(resellers && { resellerId }) } : {};
    const result = await updateDomainAction({ id: domain.id, ...people, ...limits });
    if (!result.ok) {
      showErrors(result, setError, ['ownerId', 'resellerId', 'defaultQuotaBytes', 'maxAccounts']);
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
      <div className="grid gap-4 sm:grid-cols-2">
        <ChoiceField
          control={control}
          name="ownerId"
          label="Owner"
          hint="Sees this domain in the panel."
          choices={owners}
        />
        {resellers && (
          <ChoiceField
            control={control}
            name="resellerId"
            label="Reseller"
            hint="Counts it in their limits."
            choices={resellers}
          />
        )}
        <TextField
          control={control}
          name="defaultQuotaBytes"
          label="Quota of new mailboxes"
          hint="Like 500 MiB or 2 GiB; empty for no limit."
        />
        <TextField
          control={control}
          name="maxAccounts"
          label="Mailboxes at most"
          hint="Empty for no limit. Below what there is, none can be added."
          inputMode="numeric"
        />
      </div>
    </SettingsForm>
  );
}
