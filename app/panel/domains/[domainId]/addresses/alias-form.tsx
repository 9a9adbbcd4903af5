'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod';
import { createAliasAction, updateAliasAction } from '@/actions/addresses.ts';
import { CheckListField } from '@/components/form/check-list-field.tsx';
import { DialogForm } from '@/components/form/dialog-form.tsx';
import { showErrors } from '@/components/form/show-errors.ts';
import { useCloseDialog } from '@/components/url-dialog.tsx';
import { typedLocalPart } from '@/schemas/local-part.ts';
import { type AddressFormProps, chosenTargets, mailboxChoices } from './address-form-props.ts';
import { NameField } from './name-field.tsx';

const targetIds = z.array(z.string()).min(1, 'Choose at least one mailbox.');
const newAlias = z.object({ localPart: typedLocalPart, targetIds });
const oldAlias = z.object({ localPart: z.string(), targetIds });

export function AliasForm(props: AddressFormProps) {
  const { domain, address } = props;
  const close = useCloseDialog();
  const { control, handleSubmit, formState, setError } = useForm({
    resolver: zodResolver(address ? oldAlias : newAlias),
    mode: 'onTouched',
    defaultValues: { localPart: '', targetIds: chosenTargets(props) },
  });

  async function submit(input: z.output<typeof newAlias>): Promise<void> {
    const result = address
      ? await updateAliasAction({ id: address.id, targetIds: input.targetIds })
      : await createAliasAction({ domainId: domain.id, ...input });
    if (!result.ok) {
      showErrors(result, setError, ['localPart', 'targetIds']);
      return;
    }
    toast.success(address ? 'Saved.' : `${input.localPart}@${domain.name} added.`);
    close();
  }

  return (
    <DialogForm
      onSubmit={handleSubmit(submit)}
      onCancel={close}
      submit={address ? 'Save' : 'Add alias'}
      pending={formState.isSubmitting}
      refusal={formState.errors.root?.message}
    >
      {!address && <NameField control={control} domain={domain} />}
      <CheckListField
        control={control}
        name="targetIds"
        label="Delivers to"
        empty="This domain has no mailbox yet: add one first."
        choices={mailboxChoices(props)}
      />
    </DialogForm>
  );
}
