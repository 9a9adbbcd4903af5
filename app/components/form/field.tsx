import type { ReactElement, ReactNode } from 'react';
import { cloneElement } from 'react';
import { cn } from '../class-names.ts';
import { Label } from '../ui/label.tsx';

interface FieldProps {
  id: string;
  label: ReactNode;
  /** What to type, or what it does. */
  hint?: ReactNode;
  error?: string | undefined;
  className?: string;
  /** The control; gets its id, `aria-invalid` and `aria-describedby` here. */
  children: ReactElement<{ id?: string; 'aria-invalid'?: boolean; 'aria-describedby'?: string }>;
}

/** A control with its label, hint and error, tied together for screen readers. */
export function Field({ id, label, hint, error, className, children }: FieldProps) {
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className={cn('flex min-w-0 flex-col gap-1.5', className)}>
      <Label htmlFor={id}>{label}</Label>
      {cloneElement(children, {
        id,
        ...(error && { 'aria-invalid': true }),
        ...(described && { 'aria-describedby': described }),
      })}
      {hint && (
        <p id={`${id}-hint`} className="text-muted-foreground text-xs">
          {hint}
        </p>
      )}
      <p id={`${id}-error`} role="status" className="text-destructive text-xs empty:hidden">
        {error}
      </p>
    </div>
  );
}
