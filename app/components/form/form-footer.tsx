import { Button } from '../ui/button.tsx';
import { DialogFooter } from '../ui/dialog.tsx';
import { keepFocus, SubmitButton } from './submit-button.tsx';

interface FormFooterProps {
  submit: string;
  pending: boolean;
  onCancel: () => void;
}

export function FormFooter({ submit, pending, onCancel }: FormFooterProps) {
  return (
    <DialogFooter>
      <Button variant="secondary" onMouseDown={keepFocus} onClick={onCancel}>
        Cancel
      </Button>
      <SubmitButton pending={pending}>{submit}</SubmitButton>
    </DialogFooter>
  );
}
