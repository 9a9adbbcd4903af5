'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useRouter } from 'next/navigation';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod';
import { createDomainAction } from '@/actions/domains.ts';
import { type Choice, ChoiceField } from '@/components/form/choice-field.tsx';
import { FormAlert } from '@/components/form/form-alert.tsx';
import { FormFooter } from '@/components/form/form-footer.tsx';
import { showErrors } from '@/components/form/show-errors.ts';
import { TextField } from '@/components/form/text-field.tsx';
import { DialogBody } from '@/components/ui/dialog.tsx';
import { useCloseDialog } from '@/components/url-dialog.tsx';
import { chosenId, NONE } from '@/schemas/choice.ts';
import { typedDomain } from '@/schemas/domain-name.ts';
import { typedLimit } from '@/schemas/limit.ts';
import { typedQuota } from '@/schemas/size.ts';

const schema = z.object({
  name: typedDomain,
  ownerId: chosenId,
  resellerId: chosenId,
  defaultQuotaBytes: typedQuota,
  maxAccounts: typedLimit,
});

interface CreateDomainFormProps {
  owners: readonly Choice[];
  /** For admins. */
  resellers?: readonly Choice[];
}

export function CreateDomainForm({ owners, resellers }: CreateDomainFormProps) {
  const router = useRouter();
  const close = useCloseDialog();
  const { control, handleSubmit, formState, setError } = useForm({
    resolver: zodResolver(schema),
    mode: 'onTouched',
    defaultValues: { name: '', ownerId: NONE, resellerId: NONE, defaultQuotaBytes: '1 GiB', maxAccounts: '' },
  });

  async function submit(input: z.output<typeof schema>): Promise<void> {
    const result = await createDomainAction(input);
    if (!result.ok) {
      showErrors(result, setError, ['name', 'ownerId', 'resellerId', 'defaultQuotaBytes', 'maxAccounts']);
      return;
    }
    toast.success(`${result.data.name} added. Give it a mailbox.`);
    router.push(`/panel/domains/${result.data.id}`);
  }

  return (
    <form method="post" noValidate onSubmit={(event) => void handleSubmit(submit)(event)}>
      <DialogBody>
        <TextField control={control} name="name" label="Domain" placeholder="example.org" autoCapitalize="none" />
        <ChoiceField
          control={control}
          name="ownerId"
          label="Owner"
          hint="Sees this domain in the panel."
          choices={owners}
        />
        {resellers && <ChoiceField control={control} name="resellerId" label="Reseller" choices={resellers} />}
        <div className="grid gap-4 sm:grid-cols-2">
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
            hint="Empty for no limit."
            inputMode="numeric"
          />
        </div>
        <FormAlert message={formState.errors.root?.message} />
      </DialogBody>
      <FormFooter submit="Add domain" pending={formState.isSubmitting} onCancel={close} />
    </form>
  );
}
