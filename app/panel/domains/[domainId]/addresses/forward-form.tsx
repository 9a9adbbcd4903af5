'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod';
import { createForwardAction, updateForwardAction } from '@/actions/addresses.ts';
import { CheckListField } from '@/components/form/check-list-field.tsx';
import { DialogForm } from '@/components/form/dialog-form.tsx';
import { showErrors } from '@/components/form/show-errors.ts';
import { TextAreaField } from '@/components/form/text-area-field.tsx';
import { useCloseDialog } from '@/components/url-dialog.tsx';
import { linesOf } from '@/schemas/lines.ts';
import { typedLocalPart } from '@/schemas/local-part.ts';
import { type AddressFormProps, chosenTargets, mailboxChoices } from './address-form-props.ts';
import { NameField } from './name-field.tsx';

const rest = {
  destinations: z.string().refine((typed) => linesOf(typed).length > 0, 'Enter at least one address.'),
  targetIds: z.array(z.string()),
};
const newForward = z.object({ localPart: typedLocalPart, ...rest });
const oldForward = z.object({ localPart: z.string(), ...rest });

/** A wrong line is named by its number; the form has one field for all of them. */
function gatherLines(fields: Readonly<Record<string, string>>): Record<string, string> {
  const wrong = Object.entries(fields).find(([name]) => name.startsWith('destinations'));
  return { ...fields, ...(wrong && { destinations: wrong[1] }) };
}

export function ForwardForm(props: AddressFormProps) {
  const { domain, address } = props;
  const close = useCloseDialog();
  const { control, handleSubmit, formState, setError } = useForm({
    resolver: zodResolver(address ? oldForward : newForward),
    mode: 'onTouched',
    defaultValues: {
      localPart: '',
      destinations: address?.destinations.join('\n') ?? '',
      targetIds: chosenTargets(props),
    },
  });

  async function submit({ localPart, targetIds, ...typed }: z.output<typeof newForward>): Promise<void> {
    const destinations = linesOf(typed.destinations);
    const result = address
      ? await updateForwardAction({ id: address.id, destinations, targetIds })
      : await createForwardAction({ domainId: domain.id, localPart, destinations, targetIds });
    if (!result.ok) {
      const refusal = { ...result, fields: gatherLines(result.fields) };
      showErrors(refusal, setError, ['localPart', 'destinations', 'targetIds']);
      return;
    }
    toast.success(address ? 'Saved.' : `${localPart}@${domain.name} added.`);
    close();
  }

  return (
    <DialogForm
      onSubmit={handleSubmit(submit)}
      onCancel={close}
      submit={address ? 'Save' : 'Add forward'}
      pending={formState.isSubmitting}
      refusal={formState.errors.root?.message}
    >
      {!address && <NameField control={control} domain={domain} />}
      <TextAreaField
        control={control}
        name="destinations"
        label="Forward to"
        hint="One address a line, here or anywhere. The sender stays who it was."
        rows={3}
        autoCapitalize="none"
        spellCheck={false}
      />
      <CheckListField
        control={control}
        name="targetIds"
        label="Keep a copy in"
        empty="This domain has no mailbox to keep a copy in."
        choices={mailboxChoices(props)}
      />
    </DialogForm>
  );
}
