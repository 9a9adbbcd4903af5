'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod';
import { line } from '#server/input/text.ts';
import { grantSendAsAction } from '@/actions/sending.ts';
import { FormAlert } from '../form/form-alert.tsx';
import { showErrors } from '../form/show-errors.ts';
import { SubmitButton } from '../form/submit-button.tsx';
import { TextField } from '../form/text-field.tsx';

const schema = z.object({ address: line(320).min(1, 'Enter an address.') });

export function SendAsForm({ accountId, domain }: { accountId: string; domain: string }) {
  const { control, handleSubmit, formState, setError, reset } = useForm({
    resolver: zodResolver(schema),
    defaultValues: { address: '' },
  });

  async function submit({ address }: z.output<typeof schema>): Promise<void> {
    const result = await grantSendAsAction({ accountId, address });
    if (!result.ok) {
      showErrors(result, setError, ['address']);
      return;
    }
    reset();
    toast.success(`May send as ${address}.`);
  }

  return (
    <form method="post" noValidate className="px-4 py-3" onSubmit={(event) => void handleSubmit(submit)(event)}>
      <div className="flex flex-wrap items-start gap-2">
        <TextField
          control={control}
          name="address"
          label="May also send as"
          hint={`An address, or @${domain} for every address of the domain.`}
          autoCapitalize="none"
          autoComplete="off"
          className="min-w-56 flex-1"
        />
        <SubmitButton className="mt-[1.625rem]" pending={formState.isSubmitting}>
          Grant
        </SubmitButton>
      </div>
      <FormAlert message={formState.errors.root?.message} />
    </form>
  );
}
