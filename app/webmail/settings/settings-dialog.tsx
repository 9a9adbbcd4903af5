import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { toast } from 'sonner';
import type { Preferences } from '#server/webmail/preferences/preferences.ts';
import { Button } from '@/components/ui/button.tsx';
import {
  Dialog,
  DialogBody,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from '@/components/ui/dialog.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Label } from '@/components/ui/label.tsx';
import { useAccount } from '../data/account.tsx';
import { errorMessage } from '../data/api.ts';
import { ChoiceField } from './choice-field.tsx';
import { SignatureEditor } from './signature-editor.tsx';

export function SettingsDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      {open && <SettingsForm onClose={() => onOpenChange(false)} />}
    </Dialog>
  );
}

function SettingsForm({ onClose }: { onClose: () => void }) {
  const { account, preferences, save } = useAccount();
  const [given, setGiven] = useState<Preferences>(preferences);
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState('');
  const nameId = useId();
  const change = (changes: Partial<Preferences>): void => setGiven((old) => ({ ...old, ...changes }));

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setPending(true);
    try {
      await save(given);
      toast.success('Settings saved');
      onClose();
    } catch (error) {
      setProblem(errorMessage(error));
      setPending(false);
    }
  };
  return (
    <DialogContent className="max-w-xl">
      <form method="post" onSubmit={(event) => void submit(event)} className="flex min-h-0 flex-col">
        <DialogHeader>
          <DialogTitle>Webmail settings</DialogTitle>
          <DialogDescription>For {account.address}, on every device.</DialogDescription>
        </DialogHeader>
        <DialogBody>
          <Field label="Your name" htmlFor={nameId} hint="Shown to those you write to.">
            <Input
              id={nameId}
              value={given.displayName}
              placeholder={account.name}
              maxLength={100}
              onChange={(event) => change({ displayName: event.target.value })}
              dir="auto"
            />
          </Field>
          <div className="space-y-1.5">
            <Label asChild>
              <span>Signature</span>
            </Label>
            <SignatureEditor html={given.signature} onChange={(signature) => change({ signature })} />
          </div>
          <Choices given={given} change={change} />
          {problem && (
            <p role="alert" className="text-destructive text-sm">
              {problem}
            </p>
          )}
        </DialogBody>
        <DialogFooter>
          <Button variant="secondary" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" pending={pending}>
            Save
          </Button>
        </DialogFooter>
      </form>
    </DialogContent>
  );
}

function Choices({ given, change }: { given: Preferences; change: (changes: Partial<Preferences>) => void }) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <ChoiceField
        label="Message list"
        value={given.density}
        options={[
          ['comfortable', 'Comfortable'],
          ['compact', 'Compact'],
        ]}
        onChange={(density) => change({ density })}
      />
      <ChoiceField
        label="Remote images"
        value={given.remoteImages}
        options={[
          ['ask', 'Ask for each message'],
          ['always', 'Always show'],
        ]}
        onChange={(remoteImages) => change({ remoteImages })}
      />
      <ChoiceField
        label="Write new messages as"
        value={given.composeFormat}
        options={[
          ['html', 'Rich text'],
          ['plain', 'Plain text'],
        ]}
        onChange={(composeFormat) => change({ composeFormat })}
      />
      <ChoiceField
        label="Time to undo sending"
        value={String(given.undoSendSeconds)}
        options={[
          ['0', 'None'],
          ['5', '5 seconds'],
          ['10', '10 seconds'],
          ['20', '20 seconds'],
        ]}
        onChange={(seconds) => change({ undoSendSeconds: Number(seconds) as Preferences['undoSendSeconds'] })}
      />
    </div>
  );
}

function Field({
  label,
  htmlFor,
  hint,
  children,
}: {
  label: string;
  htmlFor: string;
  hint: string;
  children: ReactNode;
}) {
  return (
    <div className="space-y-1.5">
      <Label htmlFor={htmlFor}>{label}</Label>
      {children}
      <p className="text-muted-foreground text-xs">{hint}</p>
    </div>
  );
}
