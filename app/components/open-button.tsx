'use client';

import { useRouter } from 'next/navigation';
import { type ReactNode, useTransition } from 'react';
import { Button } from './ui/button.tsx';

interface OpenButtonProps {
  /** The page with the parameter that opens the dialog: `/panel/domains?new=1`. */
  href: string;
  icon: ReactNode;
  children: ReactNode;
}

/** Opens a dialog that the URL stands for (`UrlDialog`). */
export function OpenButton({ href, icon, children }: OpenButtonProps) {
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  return (
    <Button
      pending={pending}
      aria-haspopup="dialog"
      onClick={() => startTransition(() => router.push(href, { scroll: false }))}
    >
      {!pending && icon}
      {children}
    </Button>
  );
}
