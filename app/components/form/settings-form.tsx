import type { BaseSyntheticEvent, ReactNode } from 'react';
import { FormAlert } from './form-alert.tsx';
import { SubmitButton } from './submit-button.tsx';

interface SettingsFormProps {
  /** What `handleSubmit` returns. */
  onSubmit: (event: BaseSyntheticEvent) => Promise<void>;
  /** What the button says that submits; without a button where it is null. */
  submit?: string | null;
  pending: boolean;
  /** There is something to save. */
  isDirty: boolean;
  /** A refusal of the whole. */
  refusal: string | undefined;
  children: ReactNode;
}

/** A form that stays on its page, with what is saved in it. */
export function SettingsForm({ onSubmit, submit = 'Save', pending, isDirty, refusal, children }: SettingsFormProps) {
  return (
    <form method="post" noValidate className="flex flex-col gap-4" onSubmit={(event) => void onSubmit(event)}>
      {children}
      <FormAlert message={refusal} />
      {submit !== null && (
        <SubmitButton className="self-start" pending={pending} disabled={!isDirty}>
          {submit}
        </SubmitButton>
      )}
    </form>
  );
}
