'use client';

import { type FormEvent, useState, useTransition } from 'react';
import { createPasswordLinkAction, type LinkResult as Link } from '@/actions/operators.ts';
import { FormAlert } from '@/components/form/form-alert.tsx';
import { FormFooter } from '@/components/form/form-footer.tsx';
import { refusalText } from '@/components/form/show-errors.ts';
import { DialogBody } from '@/components/ui/dialog.tsx';
import { useCloseDialog } from '@/components/url-dialog.tsx';
import { LinkResult } from './link-result.tsx';

export function PasswordLinkForm({ operatorId }: { operatorId: string }) {
  const close = useCloseDialog();
  const [pending, startTransition] = useTransition();
  const [link, setLink] = useState<Link>();
  const [problem, setProblem] = useState<string>();

  function submit(event: FormEvent): void {
    event.preventDefault();
    startTransition(async () => {
      const result = await createPasswordLinkAction(operatorId);
      if (result.ok) setLink(result.data);
      else setProblem(refusalText(result));
    });
  }

  if (link) return <LinkResult link={link} onClose={close} />;
  return (
    <form method="post" onSubmit={submit}>
      <DialogBody>
        <FormAlert message={problem} />
      </DialogBody>
      <FormFooter submit="Make a link" pending={pending} onCancel={close} />
    </form>
  );
}
