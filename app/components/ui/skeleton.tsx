import type { ComponentProps } from 'react';
import { cn } from '../class-names.ts';

/** A grey bar where text will be; hidden from screen readers. */
export function Skeleton({ className, ...props }: ComponentProps<'div'>) {
  return <div aria-hidden className={cn('animate-pulse rounded-md bg-muted-foreground/15', className)} {...props} />;
}
