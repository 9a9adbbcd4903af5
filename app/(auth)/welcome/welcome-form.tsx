'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useId, useState } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { redeemLinkAction } from '@/actions/welcome.ts';
import { enter } from '@/auth/enter.ts';
import { Field } from '@/components/form/field.tsx';
import { FormAlert } from '@/components/form/form-alert.tsx';
import { PasswordInput } from '@/components/form/password-input.tsx';
import { showErrors } from '@/components/form/show-errors.ts';
import { SubmitButton } from '@/components/form/submit-button.tsx';
import { Input } from '@/components/ui/input.tsx';
import { newPassword } from '@/schemas/new-password.ts';

interface WelcomeFormProps {
  token: string;
  email: string;
  name: string;
  choosesIdentity: boolean;
}

const schema = z
  .object({
    email: z.email('Enter an email address, like you@example.org.'),
    name: z.string().trim().min(1, 'Enter your name.').max(200, 'Use at most 200 characters.'),
    password: newPassword,
    repeat: z.string(),
  })
  .refine((input) => input.password === input.repeat, { path: ['repeat'], error: 'The two passwords differ.' });

type Welcome = z.output<typeof schema>;

export function WelcomeForm({ token, email, name, choosesIdentity }: WelcomeFormProps) {
  const id = useId();
  const [leaving, setLeaving] = useState(false);
  const { register, handleSubmit, formState, setError } = useForm({
    resolver: zodResolver(schema),
    mode: 'onTouched',
    // None for what has a field: it would replace what was typed before this ran.
    defaultValues: choosesIdentity ? {} : { email, name },
  });
  const { errors } = formState;

  async function submit(input: Welcome): Promise<void> {
    const identity = choosesIdentity ? { email: input.email, name: input.name } : {};
    const result = await redeemLinkAction({ token, password: input.password, ...identity });
    if (!result.ok) {
      showErrors(result, setError, ['email', 'name', 'password']);
      return;
    }
    setLeaving(true);
    const refused = await enter(result.data.email, input.password);
    window.location.assign(refused === undefined ? '/panel' : '/sign-in?welcome=1');
  }

  return (
    <form
      method="post"
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => void handleSubmit(submit)(event)}
    >
      {choosesIdentity && (
        <>
          <Field id={`${id}-name`} label="Name" error={errors.name?.message}>
            <Input autoComplete="name" {...register('name')} />
          </Field>
          <Field id={`${id}-email`} label="Email" hint="You sign in with it." error={errors.email?.message}>
            <Input
              type="email"
              defaultValue={email}
              autoComplete="username"
              autoCapitalize="none"
              {...register('email')}
            />
          </Field>
        </>
      )}
      <Field
        id={`${id}-password`}
        label="New password"
        hint="At least 10 characters; a few words in a row are good."
        error={errors.password?.message}
      >
        <PasswordInput autoComplete="new-password" {...register('password')} />
      </Field>
      <Field id={`${id}-repeat`} label="Repeat password" error={errors.repeat?.message}>
        <PasswordInput autoComplete="new-password" {...register('repeat', { deps: ['password'] })} />
      </Field>
      <FormAlert message={errors.root?.message} />
      <SubmitButton size="lg" className="w-full" pending={formState.isSubmitting || leaving}>
        Set password
      </SubmitButton>
    </form>
  );
}
