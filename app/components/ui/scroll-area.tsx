import type { ComponentProps } from 'react';
import { cn } from '../class-names.ts';

interface ScrollAreaProps extends ComponentProps<'section'> {
  /** Its accessible name: a region that scrolls must be reachable by keyboard and say what it is. */
  label: string;
}

/** Scrolls with the browser's own thin scrollbars. */
export function ScrollArea({ label, className, ...props }: ScrollAreaProps) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must take the focus so that arrow keys scroll it (WCAG 2.1.1)
      tabIndex={0}
      className={cn('min-h-0 overflow-auto [scrollbar-width:thin] focus-visible:-outline-offset-2', className)}
      {...props}
    />
  );
}
