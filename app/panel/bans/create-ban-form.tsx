'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod';
import { line } from '#server/input/text.ts';
import { createBanAction } from '@/actions/bans.ts';
import { ChoiceField } from '@/components/form/choice-field.tsx';
import { FormAlert } from '@/components/form/form-alert.tsx';
import { FormFooter } from '@/components/form/form-footer.tsx';
import { showErrors } from '@/components/form/show-errors.ts';
import { TextField } from '@/components/form/text-field.tsx';
import { DialogBody } from '@/components/ui/dialog.tsx';
import { useCloseDialog } from '@/components/url-dialog.tsx';

const FOREVER = 'forever';
const DURATIONS = [
  { value: '60', label: 'One hour' },
  { value: '1440', label: 'One day' },
  { value: '10080', label: 'One week' },
  { value: '43200', label: '30 days' },
  { value: FOREVER, label: 'Until lifted' },
] as const;

const schema = z.object({
  network: line(64).min(1, 'Enter an address or a network.'),
  reason: line(200),
  duration: z.string(),
});

export function CreateBanForm() {
  const close = useCloseDialog();
  const { control, handleSubmit, formState, setError } = useForm({
    resolver: zodResolver(schema),
    mode: 'onTouched',
    defaultValues: { network: '', reason: '', duration: '1440' },
  });

  async function submit({ network, reason, duration }: z.output<typeof schema>): Promise<void> {
    const result = await createBanAction({ network, reason, minutes: duration === FOREVER ? null : Number(duration) });
    if (!result.ok) {
      showErrors(result, setError, ['network', 'reason']);
      return;
    }
    toast.success(`${network} banned.`);
    close();
  }

  return (
    <form method="post" noValidate onSubmit={(event) => void handleSubmit(submit)(event)}>
      <DialogBody>
        <TextField
          control={control}
          name="network"
          label="Address or network"
          hint="Like 203.0.113.9, 203.0.113.0/24 or 2001:db8:1::/48."
          autoCapitalize="none"
          autoComplete="off"
        />
        <ChoiceField control={control} name="duration" label="For how long" choices={DURATIONS} />
        <TextField control={control} name="reason" label="Reason" hint="For you and other admins." autoComplete="off" />
        <FormAlert message={formState.errors.root?.message} />
      </DialogBody>
      <FormFooter submit="Ban" pending={formState.isSubmitting} onCancel={close} />
    </form>
  );
}
