'use client';

import { useId } from 'react';
import { CopyButton } from './copy-button.tsx';
import { Input } from './ui/input.tsx';
import { Label } from './ui/label.tsx';

interface SecretOnceProps {
  /** What it is: “Password”, “Link”. */
  label: string;
  secret: string;
}

/** A secret that is shown now and never again. */
export function SecretOnce({ label, secret }: SecretOnceProps) {
  const id = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <Label htmlFor={id}>{label}</Label>
      <div className="flex items-center gap-2">
        <Input
          id={id}
          readOnly
          value={secret}
          aria-describedby={`${id}-hint`}
          className="bg-muted font-mono sm:text-sm"
          onFocus={(event) => event.target.select()}
        />
        <CopyButton text={secret} label={`Copy ${label.toLowerCase()}`} />
      </div>
      <p id={`${id}-hint`} className="text-muted-foreground text-xs">
        It is shown this once: only a hash of it is kept.
      </p>
    </div>
  );
}
