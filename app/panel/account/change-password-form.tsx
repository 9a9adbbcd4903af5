'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useId } from 'react';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod';
import { changePasswordAction } from '@/actions/profile.ts';
import { CheckField } from '@/components/form/check-field.tsx';
import { Field } from '@/components/form/field.tsx';
import { FormAlert } from '@/components/form/form-alert.tsx';
import { PasswordInput } from '@/components/form/password-input.tsx';
import { showErrors } from '@/components/form/show-errors.ts';
import { SubmitButton } from '@/components/form/submit-button.tsx';
import { newPassword } from '@/schemas/new-password.ts';

const schema = z
  .object({
    currentPassword: z.string().min(1, 'Enter the password you have now.'),
    newPassword,
    repeat: z.string(),
    revokeAppPasswords: z.boolean(),
  })
  .refine((input) => input.newPassword === input.repeat, { path: ['repeat'], error: 'The two passwords differ.' });

interface ChangePasswordFormProps {
  login: string;
  /** Offers to revoke the person's app passwords too. */
  hasAppPasswords?: boolean;
}

export function ChangePasswordForm({ login, hasAppPasswords = false }: ChangePasswordFormProps) {
  const id = useId();
  const { control, register, handleSubmit, formState, setError, reset } = useForm({
    resolver: zodResolver(schema),
    mode: 'onTouched',
    defaultValues: { currentPassword: '', newPassword: '', repeat: '', revokeAppPasswords: false as boolean },
  });
  const { errors } = formState;

  async function submit(input: z.output<typeof schema>): Promise<void> {
    const { repeat: _, ...given } = input;
    const result = await changePasswordAction(given);
    if (!result.ok) {
      showErrors(result, setError, ['currentPassword', 'newPassword']);
      return;
    }
    reset();
    toast.success('Your password is changed.');
  }

  return (
    <form
      method="post"
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => void handleSubmit(submit)(event)}
    >
      <input type="text" name="username" autoComplete="username" value={login} readOnly hidden />
      <Field id={`${id}-current`} label="Password now" error={errors.currentPassword?.message}>
        <PasswordInput autoComplete="current-password" {...register('currentPassword')} />
      </Field>
      <Field
        id={`${id}-new`}
        label="New password"
        hint="At least 10 characters; a few words in a row are good."
        error={errors.newPassword?.message}
      >
        <PasswordInput autoComplete="new-password" {...register('newPassword')} />
      </Field>
      <Field id={`${id}-repeat`} label="Repeat password" error={errors.repeat?.message}>
        <PasswordInput autoComplete="new-password" {...register('repeat', { deps: ['newPassword'] })} />
      </Field>
      {hasAppPasswords && (
        <CheckField
          control={control}
          name="revokeAppPasswords"
          label="Also revoke all app passwords"
          hint="Otherwise the mail programs that use them stay signed in."
        />
      )}
      <FormAlert message={errors.root?.message} />
      <SubmitButton className="self-start" pending={formState.isSubmitting}>
        Change password
      </SubmitButton>
    </form>
  );
}
