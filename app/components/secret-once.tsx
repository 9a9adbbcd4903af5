import { CopyButton } from './copy-button.tsx';

interface SecretOnceProps {
  /** What it is: “Password”, “Link”. */
  label: string;
  secret: string;
}

/** A secret that is shown now and never again. */
export function SecretOnce({ label, secret }: SecretOnceProps) {
  return (
    <div className="space-y-1.5">
      <p className="font-medium text-sm">{label}</p>
      <div className="flex items-start gap-2">
        <code className="min-w-0 flex-1 select-all break-all rounded-md border bg-muted px-2.5 py-1.5 font-mono text-base">
          {secret}
        </code>
        <CopyButton text={secret} label={`Copy ${label.toLowerCase()}`} />
      </div>
      <p className="text-muted-foreground text-xs">It is shown this once: only a hash of it is kept.</p>
    </div>
  );
}
