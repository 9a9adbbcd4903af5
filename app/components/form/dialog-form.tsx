import type { BaseSyntheticEvent, ReactNode } from 'react';
import { DialogBody } from '../ui/dialog.tsx';
import { FormAlert } from './form-alert.tsx';
import { FormFooter } from './form-footer.tsx';

interface DialogFormProps {
  /** What `handleSubmit` returns. */
  onSubmit: (event: BaseSyntheticEvent) => Promise<void>;
  onCancel: () => void;
  /** What the button says that submits. */
  submit: string;
  pending: boolean;
  /** A refusal of the whole. */
  refusal: string | undefined;
  children: ReactNode;
}

/** A form that is all of a dialog, and goes with it. */
export function DialogForm({ onSubmit, onCancel, submit, pending, refusal, children }: DialogFormProps) {
  return (
    <form method="post" noValidate onSubmit={(event) => void onSubmit(event)}>
      <DialogBody>
        {children}
        <FormAlert message={refusal} />
      </DialogBody>
      <FormFooter submit={submit} pending={pending} onCancel={onCancel} />
    </form>
  );
}
