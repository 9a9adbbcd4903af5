import type { ComponentProps } from 'react';
import { cn } from '../class-names.ts';

export function Kbd({ className, ...props }: ComponentProps<'kbd'>) {
  return (
    <kbd
      className={cn('rounded-sm border bg-muted px-1 font-medium font-sans text-muted-foreground text-xs', className)}
      {...props}
    />
  );
}
