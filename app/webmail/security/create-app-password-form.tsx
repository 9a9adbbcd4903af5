'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import type { CreatedAppPassword } from '#server/app-passwords/create-app-password.ts';
import { SCOPES } from '#server/app-passwords/scope.ts';
import { line } from '#server/input/text.ts';
import { createAppPasswordAction } from '@/actions/app-passwords.ts';
import { SCOPE_CHOICES } from '@/components/app-passwords/words.ts';
import { CheckListField } from '@/components/form/check-list-field.tsx';
import { ChoiceField } from '@/components/form/choice-field.tsx';
import { FormAlert } from '@/components/form/form-alert.tsx';
import { FormFooter } from '@/components/form/form-footer.tsx';
import { showErrors } from '@/components/form/show-errors.ts';
import { TextField } from '@/components/form/text-field.tsx';
import { DialogBody } from '@/components/ui/dialog.tsx';
import { useCloseDialog } from '@/components/url-dialog.tsx';
import { CreatedSecret } from './created-secret.tsx';

const EXPIRY_CHOICES = [
  { value: 'never', label: 'Never' },
  { value: '30', label: 'After 30 days' },
  { value: '90', label: 'After 90 days' },
  { value: '365', label: 'After a year' },
] as const;

const schema = z.object({
  label: line(100).min(1, 'Enter a name, like “Phone”.'),
  scopes: z.array(z.enum(SCOPES)).min(1, 'Choose at least one.'),
  expiresInDays: z.string().transform((days) => (days === 'never' ? null : Number(days))),
  /** The server's own schema says what is wrong with one. */
  networks: z.string().transform((text) => text.split(/[\s,;]+/).filter((network) => network !== '')),
});

const DEFAULTS: z.input<typeof schema> = { label: '', scopes: ['imap', 'smtp'], expiresInDays: 'never', networks: '' };
const NETWORKS_HINT = 'Leave empty for everywhere. Otherwise addresses or networks, like 192.0.2.0/24, 2001:db8::/32.';

export function CreateAppPasswordForm() {
  const close = useCloseDialog();
  const [created, setCreated] = useState<CreatedAppPassword>();
  const { control, handleSubmit, formState, setError } = useForm({
    resolver: zodResolver(schema),
    mode: 'onTouched',
    defaultValues: DEFAULTS,
  });

  async function submit(input: z.output<typeof schema>): Promise<void> {
    const result = await createAppPasswordAction(input);
    if (result.ok) {
      setCreated(result.data);
      return;
    }
    const [, wrongNetwork] = Object.entries(result.fields).find(([field]) => field.startsWith('networks')) ?? [];
    const fields = { ...result.fields, ...(wrongNetwork !== undefined && { networks: wrongNetwork }) };
    showErrors({ ...result, fields }, setError, ['label', 'scopes', 'networks']);
  }

  if (created) return <CreatedSecret label={created.appPassword.label} secret={created.secret} onClose={close} />;
  return (
    <form method="post" noValidate onSubmit={(event) => void handleSubmit(submit)(event)}>
      <DialogBody>
        <TextField
          control={control}
          name="label"
          label="Name"
          hint="Which program or device it is for."
          autoComplete="off"
          placeholder="Phone"
        />
        <CheckListField control={control} name="scopes" label="It may" choices={SCOPE_CHOICES} empty="" />
        <ChoiceField control={control} name="expiresInDays" label="Expires" choices={EXPIRY_CHOICES} />
        <TextField
          control={control}
          name="networks"
          label="Only from these networks"
          hint={NETWORKS_HINT}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
        />
        <FormAlert message={formState.errors.root?.message} />
      </DialogBody>
      <FormFooter submit="Make app password" pending={formState.isSubmitting} onCancel={close} />
    </form>
  );
}
