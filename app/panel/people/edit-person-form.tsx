'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod';
import { emailInput, personNameInput } from '#server/input/text.ts';
import type { OperatorView } from '#server/operators/operator-view.ts';
import { updateOperatorAction } from '@/actions/operators.ts';
import { FormAlert } from '@/components/form/form-alert.tsx';
import { FormFooter } from '@/components/form/form-footer.tsx';
import { showErrors } from '@/components/form/show-errors.ts';
import { TextField } from '@/components/form/text-field.tsx';
import { DialogBody } from '@/components/ui/dialog.tsx';
import { useCloseDialog } from '@/components/url-dialog.tsx';
import { limitText, typedLimit } from '@/schemas/limit.ts';
import { LimitFields } from './limit-fields.tsx';

const schema = z.object({ name: personNameInput, email: emailInput, maxDomains: typedLimit, maxAccounts: typedLimit });

export function EditPersonForm({ person }: { person: OperatorView }) {
  const close = useCloseDialog();
  const { control, handleSubmit, formState, setError } = useForm({
    resolver: zodResolver(schema),
    mode: 'onTouched',
    defaultValues: {
      name: person.name,
      email: person.email,
      maxDomains: limitText(person.maxDomains),
      maxAccounts: limitText(person.maxAccounts),
    },
  });

  async function submit({ name, email, ...limits }: z.output<typeof schema>): Promise<void> {
    const result = await updateOperatorAction({
      id: person.id,
      name,
      email,
      ...(person.role === 'reseller' && limits),
    });
    if (!result.ok) {
      showErrors(result, setError, ['name', 'email', 'maxDomains', 'maxAccounts']);
      return;
    }
    toast.success('Saved.');
    close();
  }

  return (
    <form method="post" noValidate onSubmit={(event) => void handleSubmit(submit)(event)}>
      <DialogBody>
        <TextField control={control} name="name" label="Name" autoComplete="off" />
        <TextField control={control} name="email" label="Email" type="email" autoCapitalize="none" autoComplete="off" />
        {person.role === 'reseller' && <LimitFields control={control} />}
        <FormAlert message={formState.errors.root?.message} />
      </DialogBody>
      <FormFooter submit="Save" pending={formState.isSubmitting} onCancel={close} />
    </form>
  );
}
