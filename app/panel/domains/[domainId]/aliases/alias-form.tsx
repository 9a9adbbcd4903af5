'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod';
import { createAliasAction, updateAliasAction } from '@/actions/addresses.ts';
import { CheckListField } from '@/components/form/check-list-field.tsx';
import { FormAlert } from '@/components/form/form-alert.tsx';
import { FormFooter } from '@/components/form/form-footer.tsx';
import { showErrors } from '@/components/form/show-errors.ts';
import { TextField } from '@/components/form/text-field.tsx';
import { DialogBody } from '@/components/ui/dialog.tsx';
import { useCloseDialog } from '@/components/url-dialog.tsx';
import { typedLocalPart } from '@/schemas/local-part.ts';

const targetIds = z.array(z.string()).min(1, 'Choose at least one mailbox.');
const newAlias = z.object({ localPart: typedLocalPart, targetIds });
const oldAlias = z.object({ localPart: z.string(), targetIds });

interface AliasFormProps {
  domain: { id: string; name: string };
  mailboxes: readonly { id: string; address: string }[];
  /** The one to change; a new one otherwise. */
  alias?: { id: string; targetIds: string[] };
}

export function AliasForm({ domain, mailboxes, alias }: AliasFormProps) {
  const close = useCloseDialog();
  const { control, handleSubmit, formState, setError } = useForm({
    resolver: zodResolver(alias ? oldAlias : newAlias),
    mode: 'onTouched',
    defaultValues: { localPart: '', targetIds: alias?.targetIds ?? [] },
  });

  async function submit(input: z.output<typeof newAlias>): Promise<void> {
    const result = alias
      ? await updateAliasAction({ id: alias.id, targetIds: input.targetIds })
      : await createAliasAction({ domainId: domain.id, ...input });
    if (!result.ok) {
      showErrors(result, setError, ['localPart', 'targetIds']);
      return;
    }
    toast.success(alias ? 'Saved.' : `${input.localPart}@${domain.name} added.`);
    close();
  }

  return (
    <form method="post" noValidate onSubmit={(event) => void handleSubmit(submit)(event)}>
      <DialogBody>
        {!alias && (
          <TextField
            control={control}
            name="localPart"
            label="Name before the @"
            hint={`The address is name@${domain.name}.`}
            autoCapitalize="none"
            autoComplete="off"
          />
        )}
        <CheckListField
          control={control}
          name="targetIds"
          label="Delivers to"
          empty="This domain has no mailbox yet: add one first."
          choices={mailboxes.map(({ id, address }) => ({ value: id, label: address }))}
        />
        <FormAlert message={formState.errors.root?.message} />
      </DialogBody>
      <FormFooter submit={alias ? 'Save' : 'Add alias'} pending={formState.isSubmitting} onCancel={close} />
    </form>
  );
}
