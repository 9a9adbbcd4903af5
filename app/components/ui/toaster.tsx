'use client';

import { useTheme } from 'next-themes';
import { Toaster as Sonner } from 'sonner';

/** Where toasts appear. Raise them with `toast` from `sonner`. */
export function Toaster() {
  const { resolvedTheme } = useTheme();
  return (
    <Sonner
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="bottom-right"
      closeButton
      toastOptions={{
        classNames: {
          toast: '!rounded-lg !border-border !bg-surface !text-surface-foreground !shadow-floating !font-sans',
          description: '!text-muted-foreground',
          actionButton: '!bg-primary !text-primary-foreground !h-7 !px-2.5 !font-medium',
          cancelButton: '!bg-muted !text-foreground',
          closeButton: '!bg-surface !text-foreground !border-border',
          error: '[&_[data-icon]]:!text-destructive',
          success: '[&_[data-icon]]:!text-success',
        },
      }}
    />
  );
}
