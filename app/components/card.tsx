import { type ReactNode, useId } from 'react';
import { cn } from './class-names.ts';

interface CardProps {
  title: string;
  about?: ReactNode;
  /** Right of the title. */
  action?: ReactNode;
  className?: string;
  /** Its content goes to the edges. */
  flush?: boolean;
  children: ReactNode;
}

export function Card({ title, about, action, className, flush = false, children }: CardProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={cn('min-w-0 rounded-lg border bg-surface shadow-raised', className)}>
      <header className="flex items-center justify-between gap-3 border-b px-4 py-2.5">
        <div className="min-w-0">
          <h2 id={id} className="font-semibold text-base">
            {title}
          </h2>
          {about && <p className="text-muted-foreground text-xs">{about}</p>}
        </div>
        {action}
      </header>
      <div className={flush ? undefined : 'p-4'}>{children}</div>
    </section>
  );
}
