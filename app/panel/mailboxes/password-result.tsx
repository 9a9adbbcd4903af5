import { SecretOnce } from '@/components/secret-once.tsx';
import { Button } from '@/components/ui/button.tsx';
import { DialogBody, DialogFooter } from '@/components/ui/dialog.tsx';

interface PasswordResultProps {
  address: string;
  /** What was done, as a sentence. */
  done: string;
  /** Null where the password was typed: who typed it knows it. */
  password: string | null;
  onClose: () => void;
}

/** The end of a dialog that gave a mailbox a password. */
export function PasswordResult({ address, done, password, onClose }: PasswordResultProps) {
  return (
    <div role="status">
      <DialogBody>
        <p className="text-sm">
          <strong className="font-semibold">{address}</strong> {done}
        </p>
        {password !== null && <SecretOnce label="Password" secret={password} />}
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Done</Button>
      </DialogFooter>
    </div>
  );
}
