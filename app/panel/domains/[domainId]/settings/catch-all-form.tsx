'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod';
import { setCatchAllAction } from '@/actions/domains.ts';
import { type Choice, ChoiceField } from '@/components/form/choice-field.tsx';
import { SettingsForm } from '@/components/form/settings-form.tsx';
import { showErrors } from '@/components/form/show-errors.ts';
import { chosenId, NONE } from '@/schemas/choice.ts';

const schema = z.object({ accountId: chosenId });

interface CatchAllFormProps {
  domainId: string;
  accountId: string | null;
  /** The first refuses. */
  choices: readonly Choice[];
}

export function CatchAllForm({ domainId, accountId, choices }: CatchAllFormProps) {
  const { control, handleSubmit, formState, setError, reset, getValues } = useForm({
    resolver: zodResolver(schema),
    defaultValues: { accountId: accountId ?? NONE },
  });

  async function submit(input: z.output<typeof schema>): Promise<void> {
    const result = await setCatchAllAction({ id: domainId, ...input });
    if (!result.ok) {
      showErrors(result, setError, ['accountId']);
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
      <ChoiceField
        control={control}
        name="accountId"
        label="Mail for addresses that do not exist"
        hint="A mailbox that takes everything gets much spam, and nobody learns of a mistyped address."
        choices={choices}
      />
    </SettingsForm>
  );
}
