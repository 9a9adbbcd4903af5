'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useId, useState } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { enter, type SignInProblem } from '@/auth/enter.ts';
import { Field } from '@/components/form/field.tsx';
import { FormAlert } from '@/components/form/form-alert.tsx';
import { PasswordInput } from '@/components/form/password-input.tsx';
import { SubmitButton } from '@/components/form/submit-button.tsx';
import { Input } from '@/components/ui/input.tsx';

const schema = z.object({
  login: z.string().trim().min(1, 'Enter your email address.'),
  password: z.string().min(1, 'Enter your password.'),
});

const MESSAGES: Readonly<Record<SignInProblem, string>> = {
  wrong: 'That email address and password do not belong together.',
  throttled: 'Too many attempts. Wait a minute, then try again.',
  suspended: 'This account is suspended. Ask whoever looks after your mail.',
  unreachable: 'The server cannot be reached right now. Try again.',
};

export function SignInForm({ returnTo }: { returnTo: string }) {
  const id = useId();
  const [problem, setProblem] = useState<SignInProblem>();
  const [leaving, setLeaving] = useState(false);
  const { register, handleSubmit, formState, resetField, setFocus } = useForm({
    resolver: zodResolver(schema),
    mode: 'onTouched',
    defaultValues: { login: '', password: '' },
  });

  async function submit(input: z.output<typeof schema>): Promise<void> {
    setProblem(undefined);
    const refused = await enter(input.login, input.password);
    if (refused === undefined) {
      setLeaving(true);
      window.location.assign(returnTo); // a whole new page: nothing of the signed-out one is kept
      return;
    }
    setProblem(refused);
    resetField('password');
    setFocus('password');
  }

  return (
    <form
      method="post"
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => void handleSubmit(submit)(event)}
    >
      <Field id={`${id}-login`} label="Email address" error={formState.errors.login?.message}>
        <Input type="email" autoComplete="username" inputMode="email" autoCapitalize="none" {...register('login')} />
      </Field>
      <Field id={`${id}-password`} label="Password" error={formState.errors.password?.message}>
        <PasswordInput autoComplete="current-password" {...register('password')} />
      </Field>
      <FormAlert message={problem && MESSAGES[problem]} />
      <SubmitButton size="lg" className="w-full" pending={formState.isSubmitting || leaving}>
        Sign in
      </SubmitButton>
    </form>
  );
}
