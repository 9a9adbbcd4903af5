'use client';

import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { createContext, type ReactNode, use } from 'react';
import { withParams } from '@/list-params.ts';
import { Dialog, DialogContent, DialogDescription, DialogHeader, DialogTitle } from './ui/dialog.tsx';
import { useReturnFocus } from './ui/return-focus.ts';

const CloseContext = createContext<() => void>(() => undefined);

/** Closes the dialog around it. */
export function useCloseDialog(): () => void {
  return use(CloseContext);
}

interface UrlDialogProps {
  /** The URL parameter that opened it; closing takes it out. */
  param: string;
  title: string;
  description: string;
  children: ReactNode;
}

/** A dialog that is open because the URL says so: it can be linked to, and the back button closes it. */
export function UrlDialog({ param, title, description, children }: UrlDialogProps) {
  const router = useRouter();
  const pathname = usePathname();
  const params = useSearchParams();
  const returnFocus = useReturnFocus();
  const close = (): void => {
    const current = Object.fromEntries(params);
    router.replace(pathname + withParams(current, { [param]: undefined, page: current.page }), { scroll: false });
  };
  return (
    <Dialog open onOpenChange={(open) => !open && close()}>
      <DialogContent {...returnFocus}>
        <DialogHeader>
          <DialogTitle>{title}</DialogTitle>
          <DialogDescription>{description}</DialogDescription>
        </DialogHeader>
        <CloseContext value={close}>{children}</CloseContext>
      </DialogContent>
    </Dialog>
  );
}
