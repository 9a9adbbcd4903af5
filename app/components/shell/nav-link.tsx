'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import type { ReactNode } from 'react';

interface NavLinkProps {
  href: string;
  /** Current only on this very page, not on those below it. */
  exact?: boolean;
  children: ReactNode;
}

export function NavLink({ href, exact = false, children }: NavLinkProps) {
  const pathname = usePathname();
  const current = pathname === href || (!exact && pathname.startsWith(`${href}/`));
  return (
    <Link
      prefetch={false}
      href={href}
      aria-current={current ? 'page' : undefined}
      className="flex h-8 items-center gap-2.5 rounded-md px-2.5 text-sidebar-foreground text-sm transition-colors hover:bg-sidebar-accent/70 aria-[current=page]:bg-sidebar-accent aria-[current=page]:font-medium aria-[current=page]:text-foreground max-md:h-10"
    >
      {children}
    </Link>
  );
}
