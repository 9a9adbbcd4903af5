'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod';
import { uploadCertificateAction } from '@/actions/certificates.ts';
import { FormAlert } from '@/components/form/form-alert.tsx';
import { FormFooter } from '@/components/form/form-footer.tsx';
import { showErrors } from '@/components/form/show-errors.ts';
import { DialogBody } from '@/components/ui/dialog.tsx';
import { useCloseDialog } from '@/components/url-dialog.tsx';
import { PemField } from './pem-field.tsx';

const schema = z.object({
  chain: z.string().trim().min(1, 'Paste the certificate.'),
  key: z.string().trim().min(1, 'Paste the private key.'),
});

/** `domainId` null: a certificate of the host. */
export function UploadCertificateForm({ domainId }: { domainId: string | null }) {
  const close = useCloseDialog();
  const { control, handleSubmit, formState, setError } = useForm({
    resolver: zodResolver(schema),
    mode: 'onTouched',
    defaultValues: { chain: '', key: '' },
  });

  async function submit(given: z.output<typeof schema>): Promise<void> {
    const result = await uploadCertificateAction({ domainId, ...given });
    if (!result.ok) {
      showErrors(result, setError, ['chain', 'key']);
      return;
    }
    const { certificate, replaced } = result.data;
    toast.success(`${certificate.names.join(', ')}: ${replaced > 0 ? 'certificate renewed' : 'certificate added'}.`);
    close();
  }

  return (
    <form method="post" noValidate onSubmit={(event) => void handleSubmit(submit)(event)}>
      <DialogBody>
        <PemField
          control={control}
          name="chain"
          label="Certificate and its chain"
          hint="In PEM form, as your authority sent it: fullchain.pem of Let’s Encrypt, for example."
          placeholder="-----BEGIN CERTIFICATE-----"
        />
        <PemField
          control={control}
          name="key"
          label="Private key"
          hint="Without a passphrase. It is stored encrypted and never shown again."
          placeholder="-----BEGIN PRIVATE KEY-----"
        />
        <FormAlert message={formState.errors.root?.message} />
      </DialogBody>
      <FormFooter submit="Add certificate" pending={formState.isSubmitting} onCancel={close} />
    </form>
  );
}
