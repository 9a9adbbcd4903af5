'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod';
import { line } from '#server/input/text.ts';
import { allowNetworkAction } from '@/actions/bans.ts';
import { FormAlert } from '@/components/form/form-alert.tsx';
import { FormFooter } from '@/components/form/form-footer.tsx';
import { showErrors } from '@/components/form/show-errors.ts';
import { TextField } from '@/components/form/text-field.tsx';
import { DialogBody } from '@/components/ui/dialog.tsx';
import { useCloseDialog } from '@/components/url-dialog.tsx';

const schema = z.object({ network: line(64).min(1, 'Enter an address or a network.'), note: line(200) });

export function AllowNetworkForm() {
  const close = useCloseDialog();
  const { control, handleSubmit, formState, setError } = useForm({
    resolver: zodResolver(schema),
    mode: 'onTouched',
    defaultValues: { network: '', note: '' },
  });

  async function submit(input: z.output<typeof schema>): Promise<void> {
    const result = await allowNetworkAction(input);
    if (!result.ok) {
      showErrors(result, setError, ['network', 'note']);
      return;
    }
    toast.success(`${input.network} is never banned.`);
    close();
  }

  return (
    <form method="post" noValidate onSubmit={(event) => void handleSubmit(submit)(event)}>
      <DialogBody>
        <TextField
          control={control}
          name="network"
          label="Address or network"
          hint="Like 198.51.100.0/28 or 2001:db8:1::/48."
          autoCapitalize="none"
          autoComplete="off"
        />
        <TextField control={control} name="note" label="Note" hint="Whose it is: “Office”." autoComplete="off" />
        <FormAlert message={formState.errors.root?.message} />
      </DialogBody>
      <FormFooter submit="Allow" pending={formState.isSubmitting} onCancel={close} />
    </form>
  );
}
