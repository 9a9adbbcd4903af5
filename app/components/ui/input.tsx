import type { ComponentProps } from 'react';
import { cn } from '../class-names.ts';

export const fieldClasses =
  'w-full min-w-0 rounded-md border border-input bg-surface px-2.5 text-base text-foreground shadow-raised transition-colors placeholder:text-muted-foreground hover:border-ring/60 focus-visible:border-ring focus-visible:outline-offset-0 disabled:cursor-not-allowed disabled:opacity-60 aria-invalid:border-destructive aria-invalid:outline-destructive';

export function Input({ className, type = 'text', ...props }: ComponentProps<'input'>) {
  return <input type={type} className={cn(fieldClasses, 'h-8 max-sm:h-9', className)} {...props} />;
}
