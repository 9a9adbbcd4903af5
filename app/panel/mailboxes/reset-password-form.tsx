'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import type { ResetPassword } from '#server/accounts/reset-password.ts';
import { resetPasswordAction } from '@/actions/accounts.ts';
import { CheckField } from '@/components/form/check-field.tsx';
import { FormAlert } from '@/components/form/form-alert.tsx';
import { FormFooter } from '@/components/form/form-footer.tsx';
import { PasswordChoiceField } from '@/components/form/password-choice-field.tsx';
import { refusalText } from '@/components/form/show-errors.ts';
import { DialogBody } from '@/components/ui/dialog.tsx';
import { useCloseDialog } from '@/components/url-dialog.tsx';
import { chosenPassword, passwordChoice } from '@/schemas/password-choice.ts';
import { PasswordResult } from './password-result.tsx';

const schema = z.object({ secret: passwordChoice, revokeAppPasswords: z.boolean() });

export function ResetPasswordForm({ accountId }: { accountId: string }) {
  const close = useCloseDialog();
  const [reset, setReset] = useState<ResetPassword>();
  const { control, handleSubmit, formState, setError } = useForm({
    resolver: zodResolver(schema),
    mode: 'onTouched',
    defaultValues: { secret: { generate: true as boolean, password: '' }, revokeAppPasswords: false as boolean },
  });

  async function submit({ secret, revokeAppPasswords }: z.output<typeof schema>): Promise<void> {
    const result = await resetPasswordAction({ id: accountId, revokeAppPasswords, ...chosenPassword(secret) });
    if (result.ok) setReset(result.data);
    else if (result.fields.password) setError('secret.password', { message: result.fields.password });
    else setError('root', { message: refusalText(result) });
  }

  if (reset) {
    const { address, generatedPassword } = reset;
    return <PasswordResult address={address} done="has a new password." password={generatedPassword} onClose={close} />;
  }
  return (
    <form method="post" noValidate onSubmit={(event) => void handleSubmit(submit)(event)}>
      <DialogBody>
        <PasswordChoiceField control={control} />
        <CheckField
          control={control}
          name="revokeAppPasswords"
          label="Also revoke all app passwords"
          hint="Otherwise the mail programs that use them stay signed in."
        />
        <FormAlert message={formState.errors.root?.message} />
      </DialogBody>
      <FormFooter submit="Reset password" pending={formState.isSubmitting} onCancel={close} />
    </form>
  );
}
