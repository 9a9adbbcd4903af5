import { SecretOnce } from '@/components/secret-once.tsx';
import { Button } from '@/components/ui/button.tsx';
import { DialogBody, DialogFooter } from '@/components/ui/dialog.tsx';

interface CreatedSecretProps {
  label: string;
  secret: string;
  onClose: () => void;
}

export function CreatedSecret({ label, secret, onClose }: CreatedSecretProps) {
  return (
    <div role="status">
      <DialogBody>
        <p className="text-pretty text-sm">
          Enter this as the password of <strong className="font-semibold">{label}</strong>, with your whole address as
          the user name.
        </p>
        <SecretOnce label="App password" secret={secret} />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Done</Button>
      </DialogFooter>
    </div>
  );
}
