import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '../class-names.ts';

interface ErrorStateProps {
  title: string;
  children?: ReactNode;
  /** Shown small, so that whoever asks for help can name it. */
  errorId?: string | undefined;
  action?: ReactNode;
  className?: string;
}

export function ErrorState({ title, children, errorId, action, className }: ErrorStateProps) {
  return (
    <div role="alert" className={cn('flex flex-col items-center px-6 py-12 text-center', className)}>
      <span className="mb-3 grid size-11 place-items-center rounded-xl bg-destructive-soft text-destructive">
        <TriangleAlert className="size-5" aria-hidden />
      </span>
      <p className="font-medium">{title}</p>
      {children && <div className="mt-1 max-w-md text-pretty text-muted-foreground text-sm">{children}</div>}
      {errorId && (
        <p className="mt-2 text-muted-foreground text-xs">
          Error id <code className="font-mono">{errorId}</code>
        </p>
      )}
      {action && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
