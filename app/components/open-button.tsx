'use client';

import { LoaderCircle } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type ReactNode, useTransition } from 'react';
import { Button } from './ui/button.tsx';

interface OpenButtonProps {
  /** The page with the parameter that opens the dialog: `/panel/domains?new=1`. */
  href: string;
  icon: ReactNode;
  children: ReactNode;
}

/** Opens a dialog that the URL stands for (`UrlDialog`). Never disabled meanwhile: the focus comes back to it. */
export function OpenButton({ href, icon, children }: OpenButtonProps) {
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  function open(): void {
    if (!pending) startTransition(() => router.push(href, { scroll: false }));
  }
  return (
    <Button aria-disabled={pending || undefined} aria-busy={pending || undefined} aria-haspopup="dialog" onClick={open}>
      {pending ? <LoaderCircle className="animate-spin" aria-hidden /> : icon}
      {children}
    </Button>
  );
}
