'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { z } from 'zod';
import { emailInput, personNameInput } from '#server/input/text.ts';
import { createOperatorAction, type LinkResult as Link } from '@/actions/operators.ts';
import { type Choice, ChoiceField } from '@/components/form/choice-field.tsx';
import { FormAlert } from '@/components/form/form-alert.tsx';
import { FormFooter } from '@/components/form/form-footer.tsx';
import { showErrors } from '@/components/form/show-errors.ts';
import { TextField } from '@/components/form/text-field.tsx';
import { DialogBody } from '@/components/ui/dialog.tsx';
import { useCloseDialog } from '@/components/url-dialog.tsx';
import { chosenId, NONE } from '@/schemas/choice.ts';
import { typedLimit } from '@/schemas/limit.ts';
import { LimitFields } from './limit-fields.tsx';
import { LinkResult } from './link-result.tsx';

const schema = z.object({
  name: personNameInput,
  email: emailInput,
  role: z.enum(['admin', 'reseller', 'domain_owner']),
  resellerId: chosenId,
  maxDomains: typedLimit,
  maxAccounts: typedLimit,
});

const ROLES: readonly Choice[] = [
  { value: 'domain_owner', label: 'Domain owner: looks after the mailboxes of their domains' },
  { value: 'reseller', label: 'Reseller: adds domains and their owners' },
  { value: 'admin', label: 'Admin: everything' },
];

interface CreatePersonFormProps {
  /** For admins; a reseller adds domain owners of their own. */
  resellers?: readonly Choice[];
}

function relevant({ role, resellerId, maxDomains, maxAccounts, ...person }: z.output<typeof schema>) {
  if (role === 'reseller') return { ...person, role, maxDomains, maxAccounts };
  return role === 'domain_owner' ? { ...person, role, resellerId } : { ...person, role };
}

export function CreatePersonForm({ resellers }: CreatePersonFormProps) {
  const close = useCloseDialog();
  const [link, setLink] = useState<Link>();
  const { control, handleSubmit, formState, setError } = useForm({
    resolver: zodResolver(schema),
    mode: 'onTouched',
    defaultValues: {
      name: '',
      email: '',
      role: 'domain_owner' as z.input<typeof schema>['role'],
      resellerId: NONE,
      maxDomains: '',
      maxAccounts: '',
    },
  });
  const role = useWatch({ control, name: 'role' });

  async function submit(input: z.output<typeof schema>): Promise<void> {
    const result = await createOperatorAction(relevant(input));
    if (result.ok) setLink(result.data);
    else showErrors(result, setError, ['name', 'email', 'role', 'resellerId', 'maxDomains', 'maxAccounts']);
  }

  if (link) return <LinkResult link={link} onClose={close} />;
  return (
    <form method="post" noValidate onSubmit={(event) => void handleSubmit(submit)(event)}>
      <DialogBody>
        <TextField control={control} name="name" label="Name" autoComplete="off" />
        <TextField
          control={control}
          name="email"
          label="Email"
          type="email"
          autoCapitalize="none"
          autoComplete="off"
          hint="They sign in with it."
        />
        {resellers && <ChoiceField control={control} name="role" label="Role" choices={ROLES} />}
        {resellers && role === 'domain_owner' && (
          <ChoiceField control={control} name="resellerId" label="Client of" choices={resellers} />
        )}
        {role === 'reseller' && <LimitFields control={control} />}
        <FormAlert message={formState.errors.root?.message} />
      </DialogBody>
      <FormFooter submit="Add person" pending={formState.isSubmitting} onCancel={close} />
    </form>
  );
}
