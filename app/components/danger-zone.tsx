import { type ReactNode, useId } from 'react';

interface DangerZoneProps {
  title: string;
  about: string;
  /** The button. */
  children: ReactNode;
}

/** What ends something, kept apart from what changes it. */
export function DangerZone({ title, about, children }: DangerZoneProps) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="flex flex-wrap items-center justify-between gap-3 rounded-lg border border-destructive/35 bg-surface px-4 py-3 shadow-raised lg:col-span-2"
    >
      <div className="min-w-0 max-w-2xl">
        <h2 id={id} className="font-semibold text-base">
          {title}
        </h2>
        <p className="text-pretty text-muted-foreground text-sm">{about}</p>
      </div>
      {children}
    </section>
  );
}
