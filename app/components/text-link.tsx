import Link from 'next/link';
import type { ComponentProps } from 'react';
import { cn } from './class-names.ts';

/** A link inside a table or a sentence; not fetched ahead, because a page has many. */
export function TextLink({ className, ...props }: ComponentProps<typeof Link>) {
  return (
    <Link
      prefetch={false}
      className={cn(
        'rounded-sm font-medium text-foreground underline-offset-4 hover:text-primary hover:underline',
        className,
      )}
      {...props}
    />
  );
}
