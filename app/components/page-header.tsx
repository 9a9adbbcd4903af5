import type { ReactNode } from 'react';
import { Breadcrumb, type Crumb } from './ui/breadcrumb.tsx';

interface PageHeaderProps {
  title: string;
  /** Beside the title: a badge. */
  badge?: ReactNode;
  /** One sentence. */
  about?: ReactNode;
  crumbs?: readonly Crumb[];
  /** Buttons, right. */
  children?: ReactNode;
}

export function PageHeader({ title, badge, about, crumbs, children }: PageHeaderProps) {
  return (
    <header className="mb-4 space-y-1.5">
      {crumbs && <Breadcrumb crumbs={crumbs} />}
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <div className="flex min-w-0 flex-wrap items-center gap-2">
            <h1 className="min-w-0 break-words font-semibold text-xl tracking-tight">{title}</h1>
            {badge}
          </div>
          {about && <p className="text-muted-foreground text-sm">{about}</p>}
        </div>
        {children && <div className="flex flex-wrap items-center gap-2">{children}</div>}
      </div>
    </header>
  );
}
