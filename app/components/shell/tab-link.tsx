'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';

/** A tab that is a page of its own. */
export function TabLink({ href, children }: { href: string; children: ReactNode }) {
  const current = usePathname() === href;
  return (
    <Link
      prefetch={false}
      href={href}
      aria-current={current ? 'page' : undefined}
      className="-mb-px inline-flex h-9 items-center whitespace-nowrap border-transparent border-b-2 px-3 font-medium text-muted-foreground text-sm hover:text-foreground focus-visible:-outline-offset-2 aria-[current=page]:border-primary aria-[current=page]:text-foreground"
    >
      {children}
    </Link>
  );
}
