'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod';
import { createResponderAction, updateResponderAction } from '@/actions/addresses.ts';
import { CheckListField } from '@/components/form/check-list-field.tsx';
import { DialogForm } from '@/components/form/dialog-form.tsx';
import { showErrors } from '@/components/form/show-errors.ts';
import { TextAreaField } from '@/components/form/text-area-field.tsx';
import { TextField } from '@/components/form/text-field.tsx';
import { useCloseDialog } from '@/components/url-dialog.tsx';
import { typedLocalPart } from '@/schemas/local-part.ts';
import { type AddressFormProps, chosenTargets, mailboxChoices } from './address-form-props.ts';
import { NameField } from './name-field.tsx';

const rest = {
  subject: z.string().trim().max(200, 'Use at most 200 characters.'),
  body: z.string().trim().min(1, 'Enter what it answers.').max(20_000, 'Use at most 20,000 characters.'),
  intervalDays: z
    .string()
    .regex(/^\s*\d{1,3}\s*$/, 'Enter 1 to 365 days.')
    .transform(Number)
    .pipe(z.number().min(1, 'Enter 1 to 365 days.').max(365, 'Enter 1 to 365 days.')),
  targetIds: z.array(z.string()),
};
const newResponder = z.object({ localPart: typedLocalPart, ...rest });
const oldResponder = z.object({ localPart: z.string(), ...rest });

export function ResponderForm(props: AddressFormProps) {
  const { domain, address } = props;
  const close = useCloseDialog();
  const { control, handleSubmit, formState, setError } = useForm({
    resolver: zodResolver(address ? oldResponder : newResponder),
    mode: 'onTouched',
    defaultValues: {
      localPart: '',
      subject: address?.answer?.subject ?? '',
      body: address?.answer?.body ?? '',
      intervalDays: String(address?.answer?.intervalDays ?? 7),
      targetIds: chosenTargets(props),
    },
  });

  async function submit({ localPart, ...answer }: z.output<typeof newResponder>): Promise<void> {
    const result = address
      ? await updateResponderAction({ id: address.id, ...answer })
      : await createResponderAction({ domainId: domain.id, localPart, ...answer });
    if (!result.ok) {
      showErrors(result, setError, ['localPart', 'subject', 'body', 'intervalDays', 'targetIds']);
      return;
    }
    toast.success(address ? 'Saved.' : `${localPart}@${domain.name} added.`);
    close();
  }

  return (
    <DialogForm
      onSubmit={handleSubmit(submit)}
      onCancel={close}
      submit={address ? 'Save' : 'Add responder'}
      pending={formState.isSubmitting}
      refusal={formState.errors.root?.message}
    >
      {!address && <NameField control={control} domain={domain} />}
      <TextField
        control={control}
        name="subject"
        label="Subject of the answer"
        hint="Empty: that of the message, after “Auto:”."
        autoComplete="off"
      />
      <TextAreaField control={control} name="body" label="Answer" rows={5} />
      <TextField
        control={control}
        name="intervalDays"
        label="Answer the same sender again after (days)"
        hint="Lists, other responders and bounces are never answered."
        inputMode="numeric"
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
