'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod';
import { personNameInput } from '#server/input/text.ts';
import { updateProfileAction } from '@/actions/profile.ts';
import { FormAlert } from '@/components/form/form-alert.tsx';
import { showErrors } from '@/components/form/show-errors.ts';
import { SubmitButton } from '@/components/form/submit-button.tsx';
import { TextField } from '@/components/form/text-field.tsx';

const schema = z.object({ name: personNameInput });

export function ProfileForm({ name }: { name: string }) {
  const { control, handleSubmit, formState, setError, reset } = useForm({
    resolver: zodResolver(schema),
    mode: 'onTouched',
    defaultValues: { name },
  });

  async function submit(input: z.output<typeof schema>): Promise<void> {
    const result = await updateProfileAction(input.name);
    if (!result.ok) {
      showErrors(result, setError, ['name']);
      return;
    }
    reset(input);
    toast.success('Saved.');
  }

  return (
    <form
      method="post"
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => void handleSubmit(submit)(event)}
    >
      <TextField control={control} name="name" label="Name" autoComplete="name" />
      <FormAlert message={formState.errors.root?.message} />
      <SubmitButton className="self-start" pending={formState.isSubmitting} disabled={!formState.isDirty}>
        Save
      </SubmitButton>
    </form>
  );
}
