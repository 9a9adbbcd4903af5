import { ChevronLeft, ChevronRight } from 'lucide-react';
import Link from 'next/link';
import { PAGE_SIZES, withParams } from '@/list-params.ts';
import { cn } from '../class-names.ts';
import { Button } from '../ui/button.tsx';
import type { TableState } from './table-state.ts';

interface StepProps {
  label: string;
  href: string | undefined;
  icon: typeof ChevronLeft;
}

function Step({ label, href, icon: Icon }: StepProps) {
  if (href === undefined) {
    return (
      <Button variant="secondary" size="icon-sm" disabled aria-label={label}>
        <Icon aria-hidden />
      </Button>
    );
  }
  return (
    <Button variant="secondary" size="icon-sm" asChild>
      <Link href={href} prefetch={false} aria-label={label}>
        <Icon aria-hidden />
      </Link>
    </Button>
  );
}

function PageSizes({ state }: { state: TableState }) {
  return (
    <div className="flex items-center gap-1 max-sm:hidden">
      <span>Rows</span>
      {PAGE_SIZES.map((size) => (
        <Link
          key={size}
          prefetch={false}
          href={withParams(state.query, { size: size === PAGE_SIZES[0] ? undefined : String(size) })}
          scroll={false}
          aria-current={size === state.params.pageSize ? 'true' : undefined}
          className={cn(
            'rounded-sm px-1.5 py-0.5 tabular-nums hover:bg-accent hover:text-accent-foreground',
            size === state.params.pageSize && 'bg-accent font-medium text-accent-foreground',
          )}
        >
          {size}
        </Link>
      ))}
    </div>
  );
}

/** “26–50 of 312” and the way to the pages beside it. */
export function Pagination({ total, state }: { total: number; state: TableState }) {
  const { page, pageSize } = state.params;
  const pages = Math.max(1, Math.ceil(total / pageSize));
  const first = (page - 1) * pageSize + 1;
  const to = (target: number): string => withParams(state.query, { page: target === 1 ? undefined : String(target) });
  return (
    <nav
      aria-label="Pages"
      className="flex items-center justify-between gap-3 border-t bg-muted/40 px-3 py-2 text-muted-foreground text-xs"
    >
      <p className="tabular-nums" aria-live="polite">
        {first}–{Math.min(total, page * pageSize)} of {total.toLocaleString('en')}
      </p>
      <div className="flex items-center gap-4">
        {total > PAGE_SIZES[0] && <PageSizes state={state} />}
        {pages > 1 && (
          <div className="flex items-center gap-2">
            <span className="tabular-nums">
              Page {page} of {pages}
            </span>
            <Step label="Previous page" href={page > 1 ? to(page - 1) : undefined} icon={ChevronLeft} />
            <Step label="Next page" href={page < pages ? to(page + 1) : undefined} icon={ChevronRight} />
          </div>
        )}
      </div>
    </nav>
  );
}
